#include "server/broker/broker.h"

#include <algorithm>
#include <cassert>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/overloaded.h"
#include "server/broker/retry.h"

namespace holdline {
namespace {

absl::Status NoSuchTask() {
  return absl::NotFoundError(
      "There is no such task, or it ended longer ago than history is kept.");
}

absl::Status NoSuchLease() {
  return absl::NotFoundError(
      "The task is no longer leased to you: its lease has ended.");
}

const char* WhyNotDelayed(Phase phase) {
  switch (phase) {
    case Phase::kWaiting:
      return "is ready.";
    case Phase::kLeased:
      return "is leased by a runner.";
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
TaskReply Repeated(const RequestRecord& earlier, const Submit& submit) {
  if (earlier.fingerprint != submit.fingerprint &&
      earlier.fingerprint != submit.former_fingerprint) {
    return absl::FailedPreconditionError(
        "The requestId was used for a different request before.");
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

Broker::Broker(const BrokerOptions& options, State state, const Now& now)
    : options_(options),
      now_(now),
      ledger_(std::move(state)),
      groups_(options.priority_step, now.steady) {
  for (const auto& [key, settings] : ledger_.state().groups) {
    groups_.Set(settings);
  }
  for (const RunnerRecord* record : InOrder(ledger_.state().runners)) {
    runners_.Learn(*record);
  }
  for (const auto& [id, task] : ledger_.state().tasks) Enter(id);
  for (const auto& [key, record] : ledger_.state().requests) {
    loads_.CountRequest(key.account, 1);
  }
  requests_.Restore(ledger_.state().requests, now, options.restart_grace,
                    options.request_retention);
  deadlines_.Add({requests_.NextEnd(), DeadlineKind::kRequests});
  deadlines_.Add({now.steady + options.runner_sweep, DeadlineKind::kRunners});
}

std::optional<TaskId> Broker::RecordNeeded(const TaskCommand& command) const {
  const std::optional<TaskId> named = std::visit(
      Overloaded{
          [](const EndAttempt& end) { return std::optional(end.task); },
          [&](const IsOneOf<Wait, Cancel, Retry, RunNow> auto& of) {
            return std::optional(state().AccountOf(of.account).IdOf(of.task));
          },
          // These are about live tasks, or about none.
          [](const IsOneOf<Poll, CallGone, Undelivered, ReportProgress,
                           ReleaseLease, Heartbeat, Submit, InspectGroups,
                           InspectGroup, InspectGroupChanges, ChangeGroup,
                           InspectRunners, ChangeRunner, StopHolding> auto&) {
            return std::optional<TaskId>();
          }},
      command);
  if (named.has_value() && ledger_.Find(*named) != nullptr) return std::nullopt;
  return named;
}

const Task* Broker::Known(const Turn& turn, const auto& command) const {
  const TaskId id = state().AccountOf(command.account).IdOf(command.task);
  const Task* live = ledger_.Find(id);
  const Task* task = live != nullptr ? live : turn.record;
  if (task == nullptr || task->spec.group.account != command.account ||
      !Reaches(command.reach, task->spec.group.name)) {
    return nullptr;
  }
  return task;
}

void Broker::Handle(const Turn& turn, TaskCommand command) {
  SetNow(turn.now);
  std::visit([&](auto& what) { On(turn, std::move(what)); }, command);
}

void Broker::Advance(const Now& now, int steps_max) {
  SetNow(now);
  for (int step = 0; step < steps_max; ++step) {
    // What is overdue for longer comes first.
    const absl::Duration delay = now_.calendar - delays_.Next();
    const absl::Duration other = now_.steady - deadlines_.Next();
    if (std::max(delay, other) < absl::ZeroDuration()) return;
    End(delay >= other ? delays_.Pop() : deadlines_.Pop());
  }
}

void Broker::End(const Deadline& due) {
  switch (due.kind) {
    case DeadlineKind::kDelay:
      return EndDelay(TaskId{due.id});
    case DeadlineKind::kLease:
      return EndLease(TaskId{due.id});
    case DeadlineKind::kPoll:
    case DeadlineKind::kWait:
      return EndHold(CallId{due.id}, PollResult::kEmpty);
    case DeadlineKind::kRequests:
      return ForgetRequests();
    case DeadlineKind::kRunners:
      return ForgetRunners();
  }
}

void Broker::GiveGrace(const Now& now, absl::Duration gap) {
  SetNow(now);
  // Who was not heard tries again after a time like that in which he was not.
  const absl::Time until =
      now_.steady + std::min(10 * gap, options_.restart_grace);
  for (auto& [id, ends] : lease_ends_) {
    const absl::Time before = ends.lease;
    ends = EndsAfterGap(ends, until);
    if (ends.lease == before) continue;
    const auto number = static_cast<uint64_t>(id);
    deadlines_.Remove({before, DeadlineKind::kLease, number});
    deadlines_.Add({ends.lease, DeadlineKind::kLease, number});
  }
  deadlines_.Remove({requests_.NextEnd(), DeadlineKind::kRequests});
  requests_.Extend(until);
  deadlines_.Add({requests_.NextEnd(), DeadlineKind::kRequests});
}

absl::Time Broker::NextDeadline() const {
  return std::min(deadlines_.Next(), now_.SteadyAt(delays_.Next()));
}

void Broker::SetNow(const Now& now) {
  now_ = {now.calendar, std::max(now_.steady, now.steady)};
  groups_.ForgetChanges(now_.steady);
}

Output Broker::TakeOutput() {
  return {ledger_.TakeBatch(), std::exchange(replies_, {})};
}

void Broker::On(const Turn& turn, const Poll& poll) {
  if (stopping_) {
    Answer(turn.call, PollAnswer{PollResult::kDrained, {}, {}});
    return;
  }
  const Poller poller{poll.group, poll.hostname, poll.taskrunner_id};
  const bool draining = runners_.IsDraining(poller);
  if (draining && !poll.taskrunner_id.empty()) {
    Answer(turn.call, PollAnswer{PollResult::kTerminate, {}, {}});
    return;
  }
  // The limit is for holding: what is there may always be asked for.
  if ((draining || !groups_.HasTaskForNext(poll.group)) &&
      !MayPark(turn.call, poll.group.account)) {
    return;
  }
  groups_.Park({turn.call, poll.group, poll.hostname, poll.hold_until,
                poll.instance_arn, poll.taskrunner_id},
               draining);
  loads_.CountParked(poll.group.account, 1);
  deadlines_.Add(
      {poll.hold_until, DeadlineKind::kPoll, static_cast<uint64_t>(turn.call)});
  Reconsider(runners_.AddCall(poller, turn.call, now_.calendar));
  FindMatches(poll.group);
}

void Broker::On(const Turn&, const CallGone& gone) {
  if (UnparkPoll(gone.gone).has_value() || UnparkWait(gone.gone).has_value()) {
    Answer(gone.gone, absl::CancelledError("The caller cancelled the call."));
  }
}

void Broker::On(const Turn&, const Undelivered& undelivered) {
  const Task* task = Leased(undelivered.task, undelivered.lease);
  // A report shows that the answer did arrive.
  if (task == nullptr || task->state.lease.acknowledged()) return;
  ReturnLease(*task, ReturnReason::kUndelivered);
}

void Broker::On(const Turn& turn, ReportProgress report) {
  const Task* task = Leased(report.task, report.lease);
  if (task == nullptr) {
    Answer(turn.call, ReportAnswer{.canceled = true});
    return;
  }
  const LeaseEnds ends =
      EndsAfterReport(lease_ends_.at(task->id), task->spec.timeouts, now_);
  runners_.Saw(PollerOf(*task), now_.calendar);
  Unplace(*task);
  ledger_.Record(ProgressReported{task->id, now_.calendar,
                                  now_.CalendarAt(ends.lease),
                                  std::move(report.progress)});
  PlaceLeased(*task, ends);
  Answer(turn.call, ReportAnswer{.canceled = false});
}

void Broker::On(const Turn& turn, EndAttempt end) {
  if (const Task* task = Leased(end.task, end.lease)) {
    runners_.Saw(PollerOf(*task), now_.calendar);
    Answer(turn.call, End(*task, std::move(end)));
    return;
  }
  // A repeat of what was said before, or a word about a task that was cancelled
  // meanwhile, is welcome and has no effect (DATAPIPELINE section 15, row 21).
  const Task* live = ledger_.Find(end.task);
  const Task* task = live != nullptr ? live : turn.record;
  if (task == nullptr || task->state.lease.id != end.lease) {
    Answer(turn.call, NoSuchLease());
    return;
  }
  const TaskState& state = task->state;
  const bool canceled = state.phase == Phase::kCanceled;
  if (Repeats(end.end, state) || canceled) {
    Answer(turn.call, EndAnswer{canceled});
  } else {
    Answer(turn.call, NoSuchLease());
  }
}

TaskReply Broker::End(const Task& task, EndAttempt end) {
  switch (end.end) {
    case AttemptEnd::kFinished:
      Change(task, TaskFinished{task.id, now_.calendar});
      break;
    case AttemptEnd::kFailed:
      FailAttempt(task, FailureCause::kReported, std::move(end.failure));
      break;
    case AttemptEnd::kFailedForGood:
      FailAttempt(task, FailureCause::kPermanent, std::move(end.failure));
      break;
    case AttemptEnd::kFalse:
      if (task.spec.kind != TaskKind::kPrecondition) {
        return absl::InvalidArgumentError(
            "taskStatus: Member must be FINISHED or FAILED for a task that is "
            "not a precondition");
      }
      FailAttempt(task, FailureCause::kFalse, {});
      break;
  }
  return EndAnswer{};
}

void Broker::On(const Turn& turn, const ReleaseLease& release) {
  if (const Task* task = Leased(release.task, release.lease)) {
    runners_.Saw(PollerOf(*task), now_.calendar);
    ReturnLease(*task, ReturnReason::kReleased);
  }
  Answer(turn.call, Done{});
}

void Broker::On(const Turn& turn, Submit submit) {
  const RequestKey key{submit.account, submit.request_id};
  if (!submit.request_id.empty()) {
    auto earlier = state().requests.find(key);
    if (earlier != state().requests.end()) {
      Answer(turn.call, Repeated(earlier->second, submit));
      return;
    }
  }
  absl::Status status = MaySubmit(submit);
  if (!status.ok()) {
    Answer(turn.call, std::move(status));
    return;
  }
  SubmitAnswer answer;
  for (Submission& submission : submit.tasks) {
    answer.tasks.push_back(Take(std::move(submission)));
  }
  if (!submit.request_id.empty()) {
    Remember({key, submit.fingerprint, answer.tasks.front(),
              static_cast<int>(answer.tasks.size()),
              now_.calendar + options_.request_retention});
  }
  // They are live until the output is taken, whoever has them by then.
  for (const TaskId task : answer.tasks) {
    FindMatches(ledger_.Find(task)->spec.group);
  }
  Answer(turn.call, std::move(answer));
}

void Broker::On(const Turn& turn, const Wait& wait) {
  const Task* task = Known(turn, wait);
  if (task == nullptr) {
    Answer(turn.call, NoSuchTask());
  } else if (IsFinal(task->state.phase) || stopping_) {
    Answer(turn.call, TaskAnswer{*task});
  } else if (MayPark(turn.call, wait.account)) {
    waits_.Park({turn.call, task->id, wait.account, wait.hold_until});
    loads_.CountParked(wait.account, 1);
    deadlines_.Add({wait.hold_until, DeadlineKind::kWait,
                    static_cast<uint64_t>(turn.call)});
  }
}

void Broker::On(const Turn& turn, Cancel cancel) {
  const Task* task = Known(turn, cancel);
  if (task == nullptr) {
    Answer(turn.call, NoSuchTask());
    return;
  }
  const Phase phase = task->state.phase;
  if (phase == Phase::kFinished || phase == Phase::kFailed) {
    Answer(turn.call,
           absl::FailedPreconditionError(absl::StrCat(
               "The task cannot be cancelled: it has ",
               phase == Phase::kFinished ? "finished." : "failed.")));
    return;
  }
  if (phase != Phase::kCanceled) {
    Change(*task,
           TaskCanceled{task->id, std::move(cancel.reason), now_.calendar});
  }
  Answer(turn.call, TaskAnswer{*task});
}

void Broker::On(const Turn& turn, const Retry& retry) {
  const Task* task = Known(turn, retry);
  if (task == nullptr) {
    Answer(turn.call, NoSuchTask());
    return;
  }
  if (task->spec.kind != TaskKind::kDirect) {
    Answer(
        turn.call,
        absl::FailedPreconditionError(
            "The task belongs to a pipeline: rerun it with SetStatus RERUN."));
    return;
  }
  if (task->state.phase != Phase::kFailed &&
      task->state.phase != Phase::kCanceled) {
    Answer(turn.call, absl::FailedPreconditionError(
                          "Only a task that failed or was cancelled can be "
                          "retried."));
    return;
  }
  Task again = *task;
  // The first attempt of a task that nobody has taken yet is still to come.
  if (again.state.lease.id != kNoLease) ++again.state.attempt;
  again.state.phase = Phase::kWaiting;
  again.state.failures = 0;
  again.state.ready_at = now_.calendar;
  again.state.lease_end = LeaseEnd::kOther;
  again.state.progress.clear();
  again.state.ended_at = absl::InfiniteFuture();
  again.state.cancellation_reason.clear();
  const TaskId id = again.id;
  ledger_.Record(TaskRetried{std::move(again)});
  const Task& live = Enter(id);
  Answer(turn.call, TaskAnswer{live});
  FindMatches(live.spec.group);
}

void Broker::On(const Turn& turn, const RunNow& run) {
  const Task* task = Known(turn, run);
  if (task == nullptr) {
    Answer(turn.call, NoSuchTask());
    return;
  }
  if (task->state.phase != Phase::kWaiting) {
    Answer(turn.call, absl::FailedPreconditionError(absl::StrCat(
                          "Only a delayed task can be run now: this one ",
                          WhyNotDelayed(task->state.phase))));
    return;
  }
  if (task->state.ready_at > now_.calendar) {
    Change(*task, DelayEnded{task->id, now_.calendar});
  }
  Answer(turn.call, TaskAnswer{*task});
  FindMatches(task->spec.group);
}

void Broker::On(const Turn& turn, const InspectGroups& inspect) {
  GroupsAnswer answer;
  answer.groups =
      groups_.List(inspect.account, inspect.after, inspect.limit, &answer.more);
  Answer(turn.call, std::move(answer));
}

void Broker::On(const Turn& turn, const InspectGroup& inspect) {
  Answer(turn.call, GroupsAnswer{{groups_.View(inspect.group)}, false});
}

void Broker::On(const Turn& turn, const InspectGroupChanges& inspect) {
  Answer(turn.call, groups_.Changes(inspect, now_.steady));
}

void Broker::On(const Turn& turn, const ChangeGroup& change) {
  const GroupSettings before = groups_.View(change.group).settings;
  GroupSettings after = before;
  after.paused = change.paused.value_or(before.paused);
  after.draining = change.draining.value_or(before.draining);
  if (after != before) {
    ledger_.Record(GroupChanged{after});
    groups_.Set(after);
    FindMatches(change.group);
  }
  Answer(turn.call, GroupsAnswer{{groups_.View(change.group)}, false});
}

void Broker::On(const Turn& turn, const StopHolding&) {
  stopping_ = true;
  for (CallId parked : groups_.parked_calls()) {
    EndHold(parked, PollResult::kDrained);
  }
  for (CallId parked : waits_.parked_calls()) {
    EndHold(parked, PollResult::kDrained);
  }
  Answer(turn.call, Done{});
}

}  // namespace holdline
