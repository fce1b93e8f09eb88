// Pipelines, instances and batches of them for the tests of stores.

#ifndef HOLDLINE_SERVER_STORE_TESTING_PIPELINE_SAMPLES_H_
#define HOLDLINE_SERVER_STORE_TESTING_PIPELINE_SAMPLES_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/broker/ids.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/model/batch.h"
#include "server/pipeline/model/ids.h"
#include "server/pipeline/model/instance.h"
#include "server/pipeline/model/notification.h"
#include "server/pipeline/model/record.h"

namespace holdline {

// In each of these every member differs from its default and, where it can,
// from the others.
PipelineRecord SamplePipeline(uint64_t number);
Definition SampleDefinition();
ComponentRecord SampleComponent(uint64_t pipeline, uint32_t number);
Notification SampleNotification(uint64_t number);

// The key of an instance without an owner that starts some hours after a fixed
// time.
InstanceKey SampleKey(uint64_t pipeline, int64_t hour, uint32_t component);

// A live instance, and an attempt of one.
Instance SampleInstance(const InstanceKey& key);
Attempt SampleRun(const InstanceKey& key, int number);

// End them.
void EndInstance(Instance& instance, RunStatus status, absl::Time at);
void EndRun(Attempt& attempt, RunStatus status, absl::Time at);

// A record that says that the pipeline was deleted.
PipelineRecord SampleDeletion(uint64_t number);

// At least one row of each kind: a pipeline with two versions of its
// definition, two components, a live and an ended instance with attempts, a
// deleted pipeline and a notification.
PipelineBatch SamplePipelineBatch();

// A model of the rows of pipelines that a store must have after a sequence of
// batches, implemented as plainly as possible.
class PipelineReference {
 public:
  void Apply(const PipelineBatch& batch);
  void Trim(absl::Time ended_before);

  // What LoadPipelines must return, in the order of the keys.
  PipelineRows Rows() const;

  const std::map<PipelineNumber, PipelineRecord>& pipelines() const {
    return pipelines_;
  }

  // The rows of the pipelines that are not deleted.
  const std::map<std::pair<PipelineNumber, int>, SharedDefinition>&
  definitions() const {
    return definitions_;
  }
  const std::map<std::pair<PipelineNumber, ComponentNumber>, ComponentRecord>&
  components() const {
    return components_;
  }
  const std::map<InstanceKey, Instance>& instances() const {
    return instances_;
  }
  const std::map<AttemptKey, Attempt>& attempts() const { return attempts_; }

 private:
  bool IsDeleted(PipelineNumber number) const;
  void Forget();

  std::map<PipelineNumber, PipelineRecord> pipelines_;
  std::map<std::pair<PipelineNumber, int>, SharedDefinition> definitions_;
  std::map<std::pair<PipelineNumber, ComponentNumber>, ComponentRecord>
      components_;
  std::map<InstanceKey, Instance> instances_;
  std::map<AttemptKey, Attempt> attempts_;
  std::map<NotificationNumber, Notification> notifications_;
  PipelineCounters counters_;
};

// Brings rows into the order of their keys, so that they can be compared.
void Sort(PipelineRows& rows);

// Whether both hold the same in the same order.
bool Same(const PipelineRows& a, const PipelineRows& b);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_TESTING_PIPELINE_SAMPLES_H_
