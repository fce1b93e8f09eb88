#include "server/queries/task_message.h"

#include <algorithm>

#include "server/queries/proto_time.h"
#include "server/queries/task_object.h"

namespace holdline {
namespace {

v1::Task::State StateOf(const TaskState& state, absl::Time now) {
  switch (state.phase) {
    case Phase::kWaiting:
      return state.ready_at > now ? v1::Task::DELAYED : v1::Task::READY;
    case Phase::kLeased:
      return v1::Task::LEASED;
    case Phase::kFinished:
      return v1::Task::FINISHED;
    case Phase::kFailed:
      return v1::Task::FAILED;
    case Phase::kCanceled:
      return v1::Task::CANCELED;
  }
  return v1::Task::UNSPECIFIED;
}

void FillSpec(const TaskSpec& spec, v1::Task* message) {
  message->set_worker_group(spec.group.name);
  message->set_type(spec.type);
  message->set_priority(spec.priority);
  message->set_fairness_key(spec.fairness_key);
  message->mutable_labels()->insert(spec.labels.begin(), spec.labels.end());
  v1::RetryPolicy* retry = message->mutable_retry_policy();
  retry->set_attempts(spec.retry.attempts);
  ToProto(spec.retry.delay, retry->mutable_delay());
  retry->set_backoff(spec.retry.backoff);
  ToProto(spec.retry.delay_max, retry->mutable_delay_max());
  retry->set_jitter(spec.retry.jitter);
  ToProto(spec.timeouts.acknowledge, message->mutable_acknowledge_timeout());
  ToProto(spec.timeouts.progress, message->mutable_report_progress_timeout());
  if (spec.timeouts.attempt != absl::InfiniteDuration()) {
    ToProto(spec.timeouts.attempt, message->mutable_attempt_timeout());
  }
  ToProto(spec.submitted_at, message->mutable_submit_time());
}

void FillLease(const Lease& lease, v1::Attempt* attempt) {
  if (!lease.hostname.empty()) attempt->set_hostname(lease.hostname);
  if (!lease.taskrunner_id.empty()) {
    attempt->set_taskrunner_id(lease.taskrunner_id);
  }
  if (!lease.instance_arn.empty()) {
    attempt->set_instance_arn(lease.instance_arn);
  }
  if (lease.handed_out_at != absl::InfinitePast()) {
    ToProto(lease.handed_out_at, attempt->mutable_start_time());
  }
  if (!lease.acknowledged()) return;
  ToProto(lease.acknowledged_at, attempt->mutable_acknowledge_time());
  ToProto(lease.reported_at, attempt->mutable_progress_time());
}

// Whether the last lease is one of the present attempt, rather than of one that
// failed before it or of a hand-out that was taken back.
bool LeaseIsPresent(const TaskState& state) {
  return state.phase != Phase::kWaiting &&
         state.lease.handed_out_at >= state.ready_at;
}

void FillPresentAttempt(const TaskState& state, v1::Task* message) {
  v1::Attempt* attempt = message->add_attempts();
  attempt->set_number(state.attempt);
  if (LeaseIsPresent(state)) FillLease(state.lease, attempt);
  if (!IsFinal(state.phase)) return;
  ToProto(state.ended_at, attempt->mutable_end_time());
  attempt->set_outcome(message->state());
}

void FillEndedAttempt(const EndedAttempt& ended, v1::Attempt* attempt) {
  attempt->set_number(ended.number);
  FillLease(ended.lease, attempt);
  ToProto(ended.ended_at, attempt->mutable_end_time());
  attempt->set_outcome(v1::Task::FAILED);
  const Failure& failure = ended.failure;
  if (!failure.id.empty()) attempt->set_error_id(failure.id);
  if (!failure.message.empty()) attempt->set_error_message(failure.message);
  if (!failure.stack_trace.empty()) {
    attempt->set_error_stack_trace(failure.stack_trace);
  }
}

void FillTaskWithoutAttempts(const Task& task, absl::Time now,
                             v1::Task* message) {
  message->set_name(TaskName(task.id));
  FillSpec(task.spec, message);
  const TaskState& state = task.state;
  message->set_state(StateOf(state, now));
  if (state.ready_at != absl::InfiniteFuture()) {
    ToProto(state.ready_at, message->mutable_ready_time());
  }
  if (IsFinal(state.phase)) {
    ToProto(state.ended_at, message->mutable_end_time());
  }
  const int left = task.spec.retry.attempts - state.failures - 1;
  message->set_attempts_left(IsFinal(state.phase) ? 0 : std::max(left, 0));
  if (state.phase == Phase::kCanceled && !state.cancellation_reason.empty()) {
    message->set_cancellation_reason(state.cancellation_reason);
  }
  v1::PipelineObject progress;
  if (progress.ParseFromString(state.progress)) {
    message->mutable_progress()->Swap(progress.mutable_fields());
  }
}

}  // namespace

void FillTask(const Task& task, absl::Time now, v1::Task* message) {
  FillTaskWithoutAttempts(task, now, message);
  FillPresentAttempt(task.state, message);
}

absl::Status FillTaskWithHistory(const Task& task, const TaskHistory& history,
                                 absl::Time now, v1::Task* message) {
  FillTaskWithoutAttempts(task, now, message);
  // The history may be ahead of the task: it is newer.
  int last = 0;
  for (const EndedAttempt& ended : history.ended_attempts) {
    const bool is_present = ended.number == task.state.attempt;
    if (ended.number > task.state.attempt ||
        (is_present && task.state.phase != Phase::kFailed)) {
      break;
    }
    FillEndedAttempt(ended, message->add_attempts());
    last = ended.number;
  }
  if (last < task.state.attempt) FillPresentAttempt(task.state, message);
  return FillTaskObject(history.payload, task, message->mutable_task_object());
}

}  // namespace holdline
