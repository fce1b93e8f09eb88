// Tasks and batches for the tests of stores.

#ifndef HOLDLINE_SERVER_STORE_TESTING_STORE_SAMPLES_H_
#define HOLDLINE_SERVER_STORE_TESTING_STORE_SAMPLES_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/time/time.h"
#include "server/broker/batch.h"
#include "server/broker/state.h"
#include "server/broker/task.h"
#include "server/store/archive.h"

namespace holdline {

// An instant for tests: some seconds and microseconds after a fixed one.
absl::Time SampleTime(int64_t seconds);

// A waiting task in which every member differs from its default and from the
// others.
Task SampleTask(uint64_t id);

// Give a waiting task a lease, end it.
void LeaseTask(Task& task, uint64_t lease);
void EndTask(Task& task, Phase phase, absl::Time at);

// A failed attempt of a task.
EndedAttempt SampleAttempt(const Task& task, int number);

// Put a task that is new, or has changed, into a batch.
void AddNew(const Task& task, std::string payload, Batch& batch);
void AddChanged(const Task& task, Batch& batch);

// At least one row of each kind: a waiting task, a leased and a failed one with
// an attempt, a group, a runner, a request.
Batch SampleBatch();

// A model of the rows of tasks that a store must have after a sequence of
// batches, implemented as plainly as possible.
class Reference {
 public:
  void Apply(const Batch& batch);
  void Trim(absl::Time ended_before);

  // What Load must return.
  State Live() const;

  const std::map<TaskId, TaskHistory>& tasks() const { return tasks_; }

 private:
  std::map<TaskId, TaskHistory> tasks_;
  State settings_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_TESTING_STORE_SAMPLES_H_
