// The invariants that broker.h promises, looked at from outside: everything is
// counted anew and compared with what the broker keeps.

#include <map>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/broker/broker.h"

namespace holdline {
namespace {

absl::Status Broken(absl::string_view what, TaskId id) {
  return absl::InternalError(
      absl::StrCat(what, ": task ", static_cast<uint64_t>(id)));
}

}  // namespace

absl::Status Broker::CheckInvariants() const {
  for (const auto& [id, task] : state().tasks) {
    absl::Status status = CheckTask(task);
    if (!status.ok()) return status;
  }
  const absl::Status status = CheckCalls();
  return status.ok() ? CheckGroups() : status;
}

absl::Status Broker::CheckCalls() const {
  AccountLoads counted;
  for (const auto& [id, task] : state().tasks) {
    if (!IsFinal(task.state.phase)) {
      counted.CountLive(task.spec.group.account, 1);
    }
  }
  for (const auto& [key, record] : state().requests) {
    counted.CountRequest(key.account, 1);
  }
  size_t parked = 0;
  for (const auto& [account, load] : loads_.all()) {
    counted.CountParked(account, static_cast<int>(load.parked_calls));
    parked += static_cast<size_t>(load.parked_calls);
  }
  if (counted.all() != loads_.all() ||
      parked != groups_.parked_count() + waits_.parked_count()) {
    return absl::InternalError("the loads of the accounts do not add up");
  }
  for (const CallId call : groups_.parked_calls()) {
    const ParkedPoll& poll = *groups_.Find(call);
    const bool draining = runners_.IsDraining(poll.poller());
    if (draining && !poll.taskrunner_id.empty()) {
      return absl::InternalError("a draining runner was not told so");
    }
    if (draining != groups_.IsResting(call)) {
      return absl::InternalError(
          absl::StrCat("a poll of the host ", poll.hostname,
                       " rests although its runner does not drain, or wakes "
                       "although it does"));
    }
  }
  return absl::OkStatus();
}

absl::Status Broker::CheckTask(const Task& task) const {
  const uint64_t id = static_cast<uint64_t>(task.id);
  const bool delayed =
      delays_.Contains({task.state.ready_at, DeadlineKind::kDelay, id});
  const auto ends = lease_ends_.find(task.id);
  const bool lease_ends =
      ends != lease_ends_.end() &&
      deadlines_.Contains({ends->second.lease, DeadlineKind::kLease, id});
  const bool leased = task.state.phase == Phase::kLeased;
  const auto account = state().accounts.find(task.spec.group.account);
  if (account == state().accounts.end() ||
      task.id >= account->second.IdOf(account->second.next)) {
    return Broken("an id was given out twice", task.id);
  }
  if (task.state.lease.id >= state().counters.next_lease) {
    return Broken("a lease number was given out twice", task.id);
  }
  if (leased != lease_ends) return Broken("lease without deadline", task.id);
  if (delayed && task.state.phase != Phase::kWaiting) {
    return Broken("delay of a task that does not wait", task.id);
  }
  if (IsFinal(task.state.phase) && !waits_.WaitingFor(task.id).empty()) {
    return Broken("a call waits for an ended task", task.id);
  }
  return absl::OkStatus();
}

absl::Status Broker::CheckGroups() const {
  struct Counts {
    int64_t delayed = 0;
    int64_t ready = 0;
    int64_t leased = 0;
  };
  std::map<GroupKey, Counts> counted;
  size_t deadlines = groups_.parked_count() + waits_.parked_count() + 1;
  for (const auto& [id, task] : state().tasks) {
    Counts& counts = counted[task.spec.group];
    if (IsFinal(task.state.phase)) continue;
    const bool delayed = delays_.Contains(
        {task.state.ready_at, DeadlineKind::kDelay, static_cast<uint64_t>(id)});
    if (task.state.phase == Phase::kLeased) {
      ++counts.leased;
      ++deadlines;
    } else if (delayed) {
      ++counts.delayed;
      ++deadlines;
    } else {
      ++counts.ready;
    }
  }
  if (!requests_.empty()) ++deadlines;
  for (const auto& [group, counts] : counted) {
    const GroupView view = groups_.View(group);
    if (view.delayed_tasks != counts.delayed ||
        view.ready_tasks != counts.ready ||
        view.leased_tasks != counts.leased) {
      return absl::InternalError(
          absl::StrCat("a task is not in its one place: group ", group.name));
    }
    if (groups_.CanMatch(group)) {
      return absl::InternalError(absl::StrCat(
          "a ready task and a parked call did not meet: group ", group.name));
    }
  }
  const size_t kept = delays_.size() + deadlines_.size();
  if (deadlines != kept) {
    return absl::InternalError(
        absl::StrCat("there are ", kept, " deadlines for ", deadlines));
  }
  if (requests_.size() != state().requests.size()) {
    return absl::InternalError("a request is remembered without an end");
  }
  return absl::OkStatus();
}

}  // namespace holdline
