// A harness that drives a broker in tests: one call at a time, on clocks that
// the test sets.

#ifndef HOLDLINE_SERVER_BROKER_BROKER_HARNESS_H_
#define HOLDLINE_SERVER_BROKER_BROKER_HARNESS_H_

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "server/broker/broker.h"
#include "server/broker/stored_tasks.h"

namespace holdline {

class BrokerHarness {
 public:
  explicit BrokerHarness(BrokerOptions options = {})
      : options_(options), broker_(std::in_place, options, State{}, Clock()) {}

  // The time of the steady clock, and of the calendar until that is set.
  absl::Time now = absl::FromUnixSeconds(1355363450);

  AccountId account{"000000000000"};

  GroupKey Group(std::string name) const { return {account, std::move(name)}; }

  // Advances both clocks.
  void AdvanceTo(absl::Time time);
  void Advance(absl::Duration by) { AdvanceTo(now + by); }

  // Sets the calendar forward or back.
  void SetCalendar(absl::Duration by);

  // Advances both clocks without the broker, as if its process or disk had
  // stalled, and then tells the broker of the gap.
  void Stall(absl::Duration by);

  // Sends a command and returns its call, which may be answered now or later.
  CallId Say(TaskCommand what);

  bool Answered(CallId call) const { return answers_.contains(call); }

  // The number of calls that were answered with RESOURCE_EXHAUSTED.
  int refused() const { return refused_; }

  // The answer to a call. REQUIRES: it was answered with a T.
  template <typename T>
  T Answer(CallId call) {
    const auto it = answers_.find(call);
    if (it == answers_.end()) {
      ADD_FAILURE() << "the call is held";
      return T{};
    }
    const T* answer = std::get_if<T>(&it->second);
    EXPECT_NE(answer, nullptr) << "answered otherwise: " << it->second.index();
    return answer == nullptr ? T{} : *answer;
  }

  // Sends a command and returns its answer.
  template <typename T>
  T Ask(TaskCommand what) {
    return Answer<T>(Say(std::move(what)));
  }

  // Submits one task. The caller may have changed the specification.
  TaskId Submit(Submission submission) {
    return Ask<SubmitAnswer>(
               holdline::Submit{account, {std::move(submission)}, "", 0})
        .tasks.at(0);
  }
  TaskId Submit(const std::string& group) { return Submit(NewTask(group)); }

  Submission NewTask(const std::string& group) const {
    Submission submission;
    submission.spec.group = Group(group);
    submission.spec.type = "ShellCommandActivity";
    submission.payload = "payload";
    return submission;
  }

  // Polls, holding for 90 seconds.
  CallId Poll(const std::string& group, const std::string& hostname = "host") {
    return Say(holdline::Poll{Group(group), hostname, now + absl::Seconds(90)});
  }

  // Polls and returns the task it got at once.
  Task Take(const std::string& group, const std::string& hostname = "host") {
    const PollAnswer answer = Answer<PollAnswer>(Poll(group, hostname));
    if (!answer.task.has_value()) {
      ADD_FAILURE() << "the poll got no task";
      return {};
    }
    return *answer.task;
  }

  ReportAnswer Report(const Task& task) {
    return Ask<ReportAnswer>(
        ReportProgress{task.id, task.state.lease.id, "half"});
  }
  CallId Finish(const Task& task) {
    return Say(
        EndAttempt{task.id, task.state.lease.id, AttemptEnd::kFinished, {}});
  }
  CallId Fail(const Task& task) {
    return Say(EndAttempt{task.id,
                          task.state.lease.id,
                          AttemptEnd::kFailed,
                          {"E1", "boom", "at line 1"}});
  }

  // The stored state of a task.
  const TaskState& Stored(TaskId id) { return disk.tasks.at(id).task.state; }

  // Destroys the broker and creates another one from the stored state.
  void Restart() {
    broker_.emplace(options_, disk.Load(), Clock());
    answers_.clear();
  }

  Broker& broker() { return *broker_; }

  // All tasks ever submitted, and all updates.
  StoredTasks disk;
  std::vector<Update> facts;
  std::vector<EndedAttempt> ended_attempts;

 private:
  Now Clock() const { return {now + calendar_is_ahead_, now}; }

  void Settle();

  void Store(const Batch& batch);

  const BrokerOptions options_;
  absl::Duration calendar_is_ahead_;
  std::optional<Broker> broker_;
  std::map<CallId, TaskReply> answers_;
  int refused_ = 0;
  uint64_t next_call_ = 1;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_BROKER_HARNESS_H_
