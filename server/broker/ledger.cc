#include "server/broker/ledger.h"

#include <cassert>
#include <utility>
#include <variant>

namespace holdline {
namespace {

LeaseEnd EndBy(FailureCause cause) {
  switch (cause) {
    case FailureCause::kReported:
    case FailureCause::kPermanent:
      return LeaseEnd::kFailed;
    case FailureCause::kFalse:
      return LeaseEnd::kFalse;
    case FailureCause::kProgressTimeout:
    case FailureCause::kAttemptTimeout:
      break;
  }
  return LeaseEnd::kOther;
}

}  // namespace

const Task* Ledger::Find(TaskId id) const {
  auto it = state_.tasks.find(id);
  return it == state_.tasks.end() ? nullptr : &it->second;
}

void Ledger::Record(Update update) {
  std::visit([this](auto& fact) { Apply(fact); }, update);
  batch_.updates.push_back(std::move(update));
}

Batch Ledger::TakeBatch() {
  for (ChangedTask& changed : batch_.changed_tasks) {
    auto it = state_.tasks.find(changed.id);
    if (IsFinal(it->second.state.phase)) {
      changed.state = std::move(it->second.state);
      state_.tasks.erase(it);
    } else {
      changed.state = it->second.state;
    }
  }
  for (const RunnerKey& runner : changed_runners_) {
    auto it = state_.runners.find(runner);
    if (it != state_.runners.end()) {
      batch_.runners.push_back(it->second);
    } else {
      batch_.forgotten_runners.push_back(runner);
    }
  }
  for (const AccountId& account : counted_) {
    batch_.accounts.push_back(state_.accounts.at(account));
  }
  batch_.counters = state_.counters;
  changed_.clear();
  changed_runners_.clear();
  counted_.clear();
  return std::exchange(batch_, Batch{});
}

void Ledger::Apply(TaskSubmitted& update) {
  const Task& task = update.task;
  const AccountId& account = task.spec.group.account;
  AccountRecord record = state_.AccountOf(account);
  assert(task.id == record.IdOf(record.next));
  record.next = TaskNumber{static_cast<uint64_t>(record.next) + 1};
  state_.accounts.insert_or_assign(account, record);
  counted_.insert(account);
  state_.tasks.emplace(task.id, task);
  // The payload goes to its row; the fact is told without it.
  batch_.new_tasks.push_back({task.id, task.spec, std::move(update.payload)});
  Change(task.id);
}

void Ledger::Apply(const TaskLeased& update) {
  assert(update.lease.id == state_.counters.next_lease);
  TaskState& state = Change(update.task);
  state.phase = Phase::kLeased;
  state.lease = update.lease;
  state.lease_end = LeaseEnd::kOther;
  state_.counters.next_lease =
      LeaseId{static_cast<uint64_t>(update.lease.id) + 1};
}

void Ledger::Apply(const ProgressReported& update) {
  TaskState& state = Change(update.task);
  if (!state.lease.acknowledged()) state.lease.acknowledged_at = update.at;
  state.lease.reported_at = update.at;
  state.lease.deadline = update.deadline;
  if (!update.progress.empty()) state.progress = update.progress;
}

void Ledger::Apply(const LeaseReturned& update) {
  Change(update.task).phase = Phase::kWaiting;
}

void Ledger::Apply(const AttemptFailed& update) {
  TaskState& state = Change(update.task);
  batch_.ended_attempts.push_back(
      {update.task, state.attempt, state.lease, update.failure, update.at});
  ++state.failures;
  state.lease_end = EndBy(update.cause);
  if (update.retry_at == absl::InfiniteFuture()) {
    state.phase = Phase::kFailed;
    state.ended_at = update.at;
  } else {
    state.phase = Phase::kWaiting;
    state.ready_at = update.retry_at;
    ++state.attempt;
    state.progress.clear();
  }
}

void Ledger::Apply(const TaskFinished& update) {
  TaskState& state = Change(update.task);
  state.phase = Phase::kFinished;
  state.ended_at = update.at;
}

void Ledger::Apply(const TaskCanceled& update) {
  TaskState& state = Change(update.task);
  state.phase = Phase::kCanceled;
  state.ended_at = update.at;
  state.cancellation_reason = update.reason;
}

void Ledger::Apply(const TaskRetried& update) {
  state_.tasks.insert_or_assign(update.task.id, update.task);
  Change(update.task.id);
}

void Ledger::Apply(const DelayEnded& update) {
  Change(update.task).ready_at = update.at;
}

void Ledger::Apply(const GroupChanged& update) {
  const GroupSettings& settings = update.settings;
  if (settings.paused || settings.draining) {
    state_.groups.insert_or_assign(settings.group, settings);
  } else {
    state_.groups.erase(settings.group);
  }
  batch_.groups.push_back(settings);
}

void Ledger::Apply(const RunnerChanged& update) {
  state_.runners.insert_or_assign(update.record.runner, update.record);
  changed_runners_.insert(update.record.runner);
}

void Ledger::Apply(const RunnerForgotten& update) {
  state_.runners.erase(update.runner);
  changed_runners_.insert(update.runner);
}

void Ledger::Apply(const RequestRemembered& update) {
  state_.requests.insert_or_assign(update.record.request, update.record);
  batch_.requests.push_back(update.record);
}

void Ledger::Apply(const RequestForgotten& update) {
  state_.requests.erase(update.request);
  batch_.forgotten_requests.push_back(update.request);
}

TaskState& Ledger::Change(TaskId id) {
  auto it = state_.tasks.find(id);
  assert(it != state_.tasks.end());
  if (changed_.insert(id).second) batch_.changed_tasks.push_back({id, {}});
  return it->second.state;
}

}  // namespace holdline
