#include "server/broker/broker.h"

#include <algorithm>
#include <cassert>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/broker/retry.h"

namespace holdline {
namespace {

template <typename... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};
template <typename... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

absl::Status NoSuchTask() {
  return absl::NotFoundError(
      "There is no such task, or it ended longer ago than history is kept.");
}

absl::Status NoSuchLease() {
  return absl::NotFoundError(
      "The task is no longer yours: its lease has ended.");
}

const char* WhyNotDelayed(Phase phase) {
  switch (phase) {
    case Phase::kWaiting:
      return "waits.";
    case Phase::kLeased:
      return "is with a runner.";
    case Phase::kFinished:
      return "has finished.";
    case Phase::kFailed:
      return "has failed.";
    case Phase::kCanceled:
      return "was cancelled.";
  }
  return "";
}

// What a submission that was taken before is answered.
ReplyBody Repeated(const RequestRecord& earlier, uint64_t fingerprint) {
  if (earlier.fingerprint != fingerprint) {
    return absl::FailedPreconditionError(
        "The requestId was used before for another request.");
  }
  SubmitAnswer answer;
  for (int i = 0; i < earlier.count; ++i) {
    answer.tasks.push_back(TaskId{static_cast<uint64_t>(earlier.first) + i});
  }
  return answer;
}

// In the order in which they were heard of last.
std::vector<const RunnerRecord*> InOrder(
    const absl::flat_hash_map<RunnerKey, RunnerRecord>& runners) {
  std::vector<const RunnerRecord*> records;
  for (const auto& [key, record] : runners) records.push_back(&record);
  std::sort(records.begin(), records.end(),
            [](const RunnerRecord* a, const RunnerRecord* b) {
              return a->heartbeat_at < b->heartbeat_at;
            });
  return records;
}

// Whether an attempt that has ended ended so.
bool Repeats(AttemptEnd end, const TaskState& state) {
  switch (end) {
    case AttemptEnd::kFinished:
      return state.phase == Phase::kFinished;
    case AttemptEnd::kFailed:
    case AttemptEnd::kFailedForGood:
      return state.lease_end == LeaseEnd::kFailed;
    case AttemptEnd::kFalse:
      return state.lease_end == LeaseEnd::kFalse;
  }
  return false;
}

}  // namespace

Broker::Broker(const BrokerOptions& options, State state, absl::Time now)
    : options_(options),
      grace_until_(now + options.restart_grace),
      first_lease_(state.counters.next_lease),
      now_(now),
      ledger_(std::move(state)),
      groups_(options.priority_step) {
  for (const auto& [key, settings] : ledger_.state().groups) {
    groups_.Set(settings);
  }
  for (const RunnerRecord* record : InOrder(ledger_.state().runners)) {
    runners_.Learn(*record);
  }
  for (const auto& [id, task] : ledger_.state().tasks) Enter(id);
  const auto& requests = ledger_.state().requests;
  for (const auto& [key, record] : requests) {
    requests_.push_back(key);
    loads_.CountRequest(key.account, 1);
  }
  std::sort(requests_.begin(), requests_.end(),
            [&](const RequestKey& a, const RequestKey& b) {
              return requests.at(a).expires_at < requests.at(b).expires_at;
            });
  if (!requests_.empty()) {
    deadlines_.Add(
        {requests.at(requests_.front()).expires_at, DeadlineKind::kRequests});
  }
  deadlines_.Add({now + options.runner_sweep, DeadlineKind::kRunners});
}

std::optional<TaskId> Broker::RecordNeeded(const CommandBody& command) const {
  const std::optional<TaskId> named = std::visit(
      Overloaded{[](const EndAttempt& c) { return std::optional(c.task); },
                 [](const Wait& c) { return std::optional(c.task); },
                 [](const Cancel& c) { return std::optional(c.task); },
                 [](const Redrive& c) { return std::optional(c.task); },
                 [](const RunNow& c) { return std::optional(c.task); },
                 [](const auto&) { return std::optional<TaskId>(); }},
      command);
  if (named.has_value() && ledger_.Find(*named) != nullptr) return std::nullopt;
  return named;
}

void Broker::Handle(CallId call, const CommandBody& command, const Task* record,
                    absl::Time now) {
  now_ = std::max(now_, now);
  record_ = record;
  std::visit([&](const auto& what) { On(call, what); }, command);
  record_ = nullptr;
}

void Broker::Advance(absl::Time now, int steps_max) {
  now_ = std::max(now_, now);
  for (int step = 0; step < steps_max && deadlines_.Next() <= now_; ++step) {
    const Deadline due = deadlines_.Pop();
    switch (due.kind) {
      case DeadlineKind::kDelay:
        EndDelay(TaskId{due.id});
        break;
      case DeadlineKind::kLease:
        EndLease(TaskId{due.id});
        break;
      case DeadlineKind::kPoll:
      case DeadlineKind::kWait:
        EndHold(CallId{due.id}, PollResult::kEmpty);
        break;
      case DeadlineKind::kRequests:
        ForgetRequests();
        break;
      case DeadlineKind::kRunners:
        ForgetRunners();
        break;
    }
  }
}

Output Broker::TakeOutput() {
  return {ledger_.TakeBatch(), std::exchange(replies_, {})};
}

void Broker::On(CallId call, const Poll& poll) {
  if (stopping_) {
    Answer(call, PollAnswer{PollResult::kDrained, {}, {}});
    return;
  }
  const Poller poller{poll.group, poll.hostname, poll.taskrunner_id};
  const bool draining = runners_.IsDraining(poller);
  if (draining && !poll.taskrunner_id.empty()) {
    Answer(call, PollAnswer{PollResult::kTerminate, {}, {}});
    return;
  }
  // The limit is for holding: what is there may always be asked for.
  if ((draining || !groups_.HasTaskForNext(poll.group)) &&
      !MayPark(call, poll.group.account)) {
    return;
  }
  groups_.Park({call, poll.group, poll.hostname, poll.hold_until,
                poll.instance_arn, poll.taskrunner_id},
               draining);
  loads_.CountParked(poll.group.account, 1);
  deadlines_.Add(
      {poll.hold_until, DeadlineKind::kPoll, static_cast<uint64_t>(call)});
  Reconsider(runners_.AddCall(poller, call, now_));
  FindMatches(poll.group);
}

void Broker::On(CallId, const CallGone& gone) {
  if (UnparkPoll(gone.gone).has_value() || UnparkWait(gone.gone).has_value()) {
    Answer(gone.gone, absl::CancelledError("The caller has gone."));
  }
}

void Broker::On(CallId, const Undelivered& undelivered) {
  const Task* task = Leased(undelivered.task, undelivered.lease);
  // A report shows that the answer did arrive.
  if (task == nullptr || task->state.lease.acknowledged()) return;
  ReturnLease(*task, ReturnReason::kUndelivered);
}

void Broker::On(CallId call, const ReportProgress& report) {
  const Task* task = Leased(report.task, report.lease);
  if (task == nullptr) {
    Answer(call, ReportAnswer{.canceled = true});
    return;
  }
  const absl::Time attempt_end =
      task->state.lease.handed_out_at + task->spec.timeouts.attempt;
  const absl::Time deadline =
      std::min(now_ + task->spec.timeouts.progress, attempt_end);
  runners_.Saw(PollerOf(*task), now_);
  Change(*task, ProgressReported{task->id, now_, deadline, report.progress});
  Answer(call, ReportAnswer{.canceled = false});
}

void Broker::On(CallId call, const EndAttempt& end) {
  if (const Task* task = Leased(end.task, end.lease)) {
    runners_.Saw(PollerOf(*task), now_);
    Answer(call, End(*task, end));
    return;
  }
  // A repeat of what was said before, or a word about a task that was cancelled
  // meanwhile, is welcome and has no effect (DATAPIPELINE section 15, row 21).
  const Task* live = ledger_.Find(end.task);
  const Task* task = live != nullptr ? live : record_;
  if (task == nullptr || task->state.lease.id != end.lease) {
    Answer(call, NoSuchLease());
    return;
  }
  const TaskState& state = task->state;
  const bool canceled = state.phase == Phase::kCanceled;
  if (Repeats(end.end, state) || canceled) {
    Answer(call, EndAnswer{canceled});
  } else {
    Answer(call, NoSuchLease());
  }
}

ReplyBody Broker::End(const Task& task, const EndAttempt& end) {
  switch (end.end) {
    case AttemptEnd::kFinished:
      Change(task, TaskFinished{task.id, now_});
      break;
    case AttemptEnd::kFailed:
      FailAttempt(task, FailureCause::kReported, end.failure);
      break;
    case AttemptEnd::kFailedForGood:
      FailAttempt(task, FailureCause::kPermanent, end.failure);
      break;
    case AttemptEnd::kFalse:
      if (task.spec.kind != TaskKind::kPrecondition) {
        return absl::InvalidArgumentError(
            "taskStatus: Member must be FINISHED or FAILED for a task that is "
            "no precondition");
      }
      FailAttempt(task, FailureCause::kFalse, {});
      break;
  }
  return EndAnswer{};
}

void Broker::On(CallId call, const ReleaseLease& release) {
  if (const Task* task = Leased(release.task, release.lease)) {
    runners_.Saw(PollerOf(*task), now_);
    ReturnLease(*task, ReturnReason::kReleased);
  }
  Answer(call, Done{});
}

void Broker::On(CallId call, const Submit& submit) {
  const RequestKey key{submit.account, submit.request_id};
  if (!submit.request_id.empty()) {
    auto earlier = state().requests.find(key);
    if (earlier != state().requests.end()) {
      Answer(call, Repeated(earlier->second, submit.fingerprint));
      return;
    }
  }
  absl::Status status = MaySubmit(submit);
  if (!status.ok()) {
    Answer(call, std::move(status));
    return;
  }
  SubmitAnswer answer;
  for (const Submission& submission : submit.tasks) {
    answer.tasks.push_back(Take(submission));
  }
  if (!submit.request_id.empty()) {
    const absl::Time expires_at = now_ + options_.request_retention;
    ledger_.Record(
        RequestRemembered{{key, submit.fingerprint, answer.tasks.front(),
                           static_cast<int>(answer.tasks.size()), expires_at}});
    if (requests_.empty()) {
      deadlines_.Add({expires_at, DeadlineKind::kRequests});
    }
    requests_.push_back(key);
    loads_.CountRequest(key.account, 1);
  }
  Answer(call, std::move(answer));
  for (const Submission& submission : submit.tasks) {
    FindMatches(submission.spec.group);
  }
}

void Broker::On(CallId call, const Wait& wait) {
  const Task* task = Known(wait.task, wait.account);
  if (task == nullptr) {
    Answer(call, NoSuchTask());
  } else if (IsFinal(task->state.phase) || stopping_) {
    Answer(call, TaskAnswer{*task});
  } else if (MayPark(call, wait.account)) {
    waits_.Park({call, wait.task, wait.account, wait.hold_until});
    loads_.CountParked(wait.account, 1);
    deadlines_.Add(
        {wait.hold_until, DeadlineKind::kWait, static_cast<uint64_t>(call)});
  }
}

void Broker::On(CallId call, const Cancel& cancel) {
  const Task* task = Known(cancel.task, cancel.account);
  if (task == nullptr) {
    Answer(call, NoSuchTask());
    return;
  }
  const Phase phase = task->state.phase;
  if (phase == Phase::kFinished || phase == Phase::kFailed) {
    Answer(call, absl::FailedPreconditionError(absl::StrCat(
                     "The task cannot be cancelled: it has ",
                     phase == Phase::kFinished ? "finished." : "failed.")));
    return;
  }
  if (phase != Phase::kCanceled) {
    Change(*task, TaskCanceled{task->id, cancel.reason, now_});
  }
  Answer(call, TaskAnswer{*task});
}

void Broker::On(CallId call, const Redrive& redrive) {
  const Task* task = Known(redrive.task, redrive.account);
  if (task == nullptr) {
    Answer(call, NoSuchTask());
    return;
  }
  if (task->spec.kind != TaskKind::kDirect) {
    Answer(call, absl::FailedPreconditionError(
                     "The task is a pipeline's: SetStatus RERUN runs its "
                     "instance again."));
    return;
  }
  if (task->state.phase != Phase::kFailed &&
      task->state.phase != Phase::kCanceled) {
    Answer(call, absl::FailedPreconditionError(
                     "Only a task that failed or was cancelled can be "
                     "retried."));
    return;
  }
  Task again = *task;
  // The first attempt of a task that nobody has taken yet is still to come.
  if (again.state.lease.id != kNoLease) ++again.state.attempt;
  again.state.phase = Phase::kWaiting;
  again.state.failures = 0;
  again.state.ready_at = now_;
  again.state.lease_end = LeaseEnd::kOther;
  again.state.progress.clear();
  again.state.ended_at = absl::InfiniteFuture();
  again.state.cancellation_reason.clear();
  const TaskId id = again.id;
  ledger_.Record(TaskRedriven{std::move(again)});
  const Task& live = Enter(id);
  Answer(call, TaskAnswer{live});
  FindMatches(live.spec.group);
}

void Broker::On(CallId call, const RunNow& run) {
  const Task* task = Known(run.task, run.account);
  if (task == nullptr) {
    Answer(call, NoSuchTask());
    return;
  }
  if (task->state.phase != Phase::kWaiting) {
    Answer(call, absl::FailedPreconditionError(absl::StrCat(
                     "Only a delayed task can be run now: this one ",
                     WhyNotDelayed(task->state.phase))));
    return;
  }
  if (task->state.ready_at > now_) Change(*task, DelayEnded{task->id, now_});
  Answer(call, TaskAnswer{*task});
  FindMatches(task->spec.group);
}

void Broker::On(CallId call, const InspectGroups& inspect) {
  GroupsAnswer answer;
  answer.groups =
      groups_.List(inspect.account, inspect.after, inspect.limit, &answer.more);
  Answer(call, std::move(answer));
}

void Broker::On(CallId call, const InspectGroup& inspect) {
  Answer(call, GroupsAnswer{{groups_.View(inspect.group)}, false});
}

void Broker::On(CallId call, const ChangeGroup& change) {
  const GroupSettings before = groups_.View(change.group).settings;
  GroupSettings after = before;
  after.paused = change.paused.value_or(before.paused);
  after.draining = change.draining.value_or(before.draining);
  if (after != before) {
    ledger_.Record(GroupChanged{after});
    groups_.Set(after);
    FindMatches(change.group);
  }
  Answer(call, GroupsAnswer{{groups_.View(change.group)}, false});
}

void Broker::On(CallId call, const StopHolding&) {
  stopping_ = true;
  for (CallId parked : groups_.parked_calls()) {
    EndHold(parked, PollResult::kDrained);
  }
  for (CallId parked : waits_.parked_calls()) {
    EndHold(parked, PollResult::kDrained);
  }
  Answer(call, Done{});
}

}  // namespace holdline
