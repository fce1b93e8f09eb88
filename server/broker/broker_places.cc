// The broker's other half: where tasks and calls stand, and what moves them.
// The commands that ask for it are in broker.cc.

#include <algorithm>
#include <cassert>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/broker/broker.h"
#include "server/broker/retry.h"

namespace holdline {
namespace {

// The most requests forgotten in one step. Few, as a turn has many steps; and
// more than one, so that they are forgotten sooner than others come.
constexpr int kForgottenPerStep = 2;

uint64_t Number(TaskId id) { return static_cast<uint64_t>(id); }
uint64_t Number(CallId id) { return static_cast<uint64_t>(id); }

}  // namespace

void Broker::EndDelay(TaskId id) {
  const Task& task = *ledger_.Find(id);
  groups_.RemoveDelayed(task);
  groups_.AddReady(task);
  FindMatches(task.spec.group);
}

void Broker::EndLease(TaskId id) {
  const Task& task = *ledger_.Find(id);
  const Lease& lease = task.state.lease;
  if (now_.steady >= lease_ends_.at(id).attempt) {
    FailAttempt(
        task, FailureCause::kAttemptTimeout,
        {"Service_AttemptTimeout",
         absl::StrCat("The attempt took longer than its timeout of ",
                      absl::FormatDuration(task.spec.timeouts.attempt), "."),
         ""});
  } else if (lease.acknowledged()) {
    FailAttempt(
        task, FailureCause::kProgressTimeout,
        {"Service_ProgressTimeout",
         absl::StrCat("The runner reported no progress for ",
                      absl::FormatDuration(task.spec.timeouts.progress), "."),
         ""});
  } else {
    ReturnLease(task, ReturnReason::kUnacknowledged);
  }
}

void Broker::ForgetRequests() {
  for (int step = 0; step < kForgottenPerStep; ++step) {
    if (requests_.NextEnd() > now_.steady) break;
    const RequestKey request = requests_.Pop();
    loads_.CountRequest(request.account, -1);
    ledger_.Record(RequestForgotten{request});
  }
  deadlines_.Add({requests_.NextEnd(), DeadlineKind::kRequests});
}

void Broker::Remember(RequestRecord record) {
  const bool first = requests_.empty();
  requests_.Add(record.request, now_.steady + options_.request_retention);
  if (first) deadlines_.Add({requests_.NextEnd(), DeadlineKind::kRequests});
  loads_.CountRequest(record.request.account, 1);
  ledger_.Record(RequestRemembered{std::move(record)});
}

std::optional<ParkedPoll> Broker::UnparkPoll(CallId call) {
  std::optional<ParkedPoll> poll = groups_.Unpark(call);
  if (!poll.has_value()) return std::nullopt;
  Leave(*poll);
  return poll;
}

std::optional<ParkedWait> Broker::UnparkWait(CallId call) {
  std::optional<ParkedWait> wait = waits_.Unpark(call);
  if (!wait.has_value()) return std::nullopt;
  loads_.CountParked(wait->account, -1);
  deadlines_.Remove({wait->hold_until, DeadlineKind::kWait, Number(call)});
  return wait;
}

void Broker::EndHold(CallId call, PollResult result) {
  if (UnparkPoll(call).has_value()) {
    Answer(call, PollAnswer{result, {}, {}});
  } else if (const auto wait = UnparkWait(call); wait.has_value()) {
    Answer(call, TaskAnswer{*ledger_.Find(wait->task)});
  }
}

bool Broker::MayPark(CallId call, const AccountId& account) {
  if (loads_.Of(account).parked_calls < options_.parked_calls_max) return true;
  Answer(call, absl::ResourceExhaustedError(absl::StrCat(
                   "The limit of ", options_.parked_calls_max,
                   " held calls of an account is reached. Try again later.")));
  return false;
}

void Broker::Leave(const ParkedPoll& poll) {
  runners_.RemoveCall(poll.poller(), poll.call, now_.calendar);
  loads_.CountParked(poll.group.account, -1);
  deadlines_.Remove({poll.hold_until, DeadlineKind::kPoll, Number(poll.call)});
}

absl::Status Broker::MaySubmit(const Submit& submit) const {
  const AccountLoad load = loads_.Of(submit.account);
  if (load.live_tasks + static_cast<int64_t>(submit.tasks.size()) >
      options_.live_tasks_max) {
    return absl::ResourceExhaustedError(
        absl::StrCat("The limit of ", options_.live_tasks_max,
                     " tasks of an account that have not ended is reached."));
  }
  if (!submit.request_id.empty() && load.requests >= options_.requests_max) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "The limit of ", options_.requests_max,
        " requests of an account with a requestId within ",
        absl::FormatDuration(options_.request_retention), " is reached."));
  }
  for (const Submission& submission : submit.tasks) {
    auto group = state().groups.find(submission.spec.group);
    if (group != state().groups.end() && group->second.draining) {
      return absl::FailedPreconditionError(
          "The workerGroup is draining and accepts no new tasks.");
    }
  }
  return absl::OkStatus();
}

TaskId Broker::Take(Submission submission) {
  const AccountRecord account =
      state().AccountOf(submission.spec.group.account);
  const TaskId id = account.IdOf(account.next);
  Task task{id, std::move(submission.spec), {}};
  task.spec.submitted_at = now_.calendar;
  task.state.ready_at = std::max(now_.calendar, submission.not_before);
  ledger_.Record(TaskSubmitted{std::move(task), std::move(submission.payload)});
  Enter(id);
  return id;
}

void Broker::Withdraw(TaskId id, std::string reason) {
  const Task* task = ledger_.Find(id);
  if (task == nullptr || IsFinal(task->state.phase)) return;
  Change(*task, TaskCanceled{id, std::move(reason), now_.calendar});
}

void Broker::Change(const Task& task, Update update) {
  Unplace(task);
  ledger_.Record(std::move(update));
  Place(task);
}

const Task& Broker::Enter(TaskId id) {
  const Task& task = *ledger_.Find(id);
  loads_.CountLive(task.spec.group.account, 1);
  Place(task);
  return task;
}

void Broker::Place(const Task& task) {
  switch (task.state.phase) {
    case Phase::kWaiting:
      // One that never had a delay has none because the calendar was set back.
      if (task.state.ready_at > now_.calendar &&
          task.state.ready_at > task.spec.submitted_at) {
        groups_.AddDelayed(task);
        delays_.Add(
            {task.state.ready_at, DeadlineKind::kDelay, Number(task.id)});
      } else {
        groups_.AddReady(task);
      }
      break;
    case Phase::kLeased:
      PlaceLeased(task, EndsOfStored(task, now_, options_.restart_grace));
      break;
    case Phase::kFinished:
    case Phase::kFailed:
    case Phase::kCanceled:
      for (CallId call : waits_.WaitingFor(task.id)) {
        EndHold(call, PollResult::kEmpty);
      }
      loads_.CountLive(task.spec.group.account, -1);
      break;
  }
}

void Broker::PlaceLeased(const Task& task, const LeaseEnds& ends) {
  groups_.AddLeased(task);
  runners_.CountLeased(PollerOf(task), 1);
  lease_ends_.emplace(task.id, ends);
  deadlines_.Add({ends.lease, DeadlineKind::kLease, Number(task.id)});
}

void Broker::Unplace(const Task& task) {
  if (task.state.phase == Phase::kLeased) {
    groups_.RemoveLeased(task);
    runners_.CountLeased(PollerOf(task), -1);
    const auto ends = lease_ends_.find(task.id);
    deadlines_.Remove(
        {ends->second.lease, DeadlineKind::kLease, Number(task.id)});
    lease_ends_.erase(ends);
  } else if (delays_.Remove({task.state.ready_at, DeadlineKind::kDelay,
                             Number(task.id)})) {
    groups_.RemoveDelayed(task);
  } else {
    groups_.RemoveReady(task);
  }
}

void Broker::FailAttempt(const Task& task, FailureCause cause,
                         Failure failure) {
  const absl::Time retry_at = cause == FailureCause::kPermanent
                                  ? absl::InfiniteFuture()
                                  : NextAttemptTime(task, now_.calendar);
  Change(task, AttemptFailed{task.id, cause, std::move(failure), now_.calendar,
                             retry_at});
  // With no delay the next attempt is ready already.
  FindMatches(task.spec.group);
}

void Broker::ReturnLease(const Task& task, ReturnReason reason) {
  Change(task, LeaseReturned{task.id, reason});
  FindMatches(task.spec.group);
}

void Broker::FindMatches(const GroupKey& group) {
  while (auto match = groups_.TakeMatch(group)) HandOut(*match);
}

void Broker::HandOut(const Match& match) {
  const Task& task = *ledger_.Find(match.task);
  const ParkedPoll& poll = match.poll;
  Leave(poll);
  const LeaseEnds ends = EndsOfNew(task.spec.timeouts, now_);
  Lease lease;
  lease.id = state().counters.next_lease;
  lease.hostname = poll.hostname;
  lease.taskrunner_id = poll.taskrunner_id;
  lease.instance_arn = poll.instance_arn;
  lease.handed_out_at = now_.calendar;
  lease.deadline = now_.CalendarAt(ends.lease);
  ledger_.Record(TaskLeased{task.id, std::move(lease)});
  PlaceLeased(task, ends);
  Answer(poll.call, PollAnswer{PollResult::kTask, task, {}});
}

const Task* Broker::Leased(TaskId id, LeaseId lease) const {
  const Task* task = ledger_.Find(id);
  if (task == nullptr || task->state.phase != Phase::kLeased ||
      task->state.lease.id != lease) {
    return nullptr;
  }
  return task;
}

void Broker::Answer(CallId call, TaskReply what) {
  replies_.push_back({call, std::move(what)});
}

}  // namespace holdline
