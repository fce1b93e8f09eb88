#include "server/pipeline/planner/live_runs.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_set.h"

namespace holdline {
namespace {

// Returns how many of `list` there were.
size_t Erase(std::vector<InstanceKey>& list,
             absl::Span<const InstanceKey> off) {
  if (off.size() == 1) return std::erase(list, off.front());
  const absl::flat_hash_set<InstanceKey> gone(off.begin(), off.end());
  return std::erase_if(
      list, [&](const InstanceKey& key) { return gone.contains(key); });
}

}  // namespace

LiveRuns::LiveRuns(PipelineLedger* ledger, RunDeadlines* deadlines,
                   ReadInstance read)
    : ledger_(ledger),
      deadlines_(deadlines),
      view_(&ledger->state(), &index_, std::move(read)) {}

void LiveRuns::Restore() {
  for (const auto& [key, instance] : state().instances) {
    index_.Add(instance, view_.RoleOf(instance));
    Watch(key);
  }
}

void LiveRuns::Add(Instance instance) {
  if (!HasEnded(instance.status)) {
    index_.Add(instance, view_.RoleOf(instance));
  }
  ledger_->Record(std::move(instance));
}

void LiveRuns::Reopen(Instance ended, bool by_hand) {
  ended.status = RunStatus::kWaitingOnDependencies;
  ended.version = view_.PipelineOf(ended.key).record.active_version;
  ended.created_at = now_;
  ended.started_at = ended.ended_at = absl::InfiniteFuture();
  ended.rerun = by_hand;
  ended.rerun_reach = RerunReach::kNobody;
  ended.failure = {};
  ended.cancellation_reason.clear();
  ended.cascade_failed_on.clear();
  ended.rechecks = 0;
  ended.rechecked_at = absl::InfinitePast();
  ended.retries_left = view_.ComponentOf(ended).run.retries;
  Add(std::move(ended));
}

void LiveRuns::Edit(const InstanceKey& key,
                    absl::FunctionRef<void(Instance&)> change) {
  RunStanding before;
  const Instance* instance = nullptr;
  ledger_->Edit(key, [&](Instance& edited) {
    before = StandingOf(edited);
    change(edited);
    if (edited.status != RunStatus::kWaitingOnDependencies) {
      for (const InstanceKey& dependency : edited.waiting_on) {
        index_.StopWaiting(key, dependency);
      }
      edited.waiting_on.clear();
    }
    instance = &edited;
  });
  if (HasEnded(instance->status)) {
    index_.Remove(key, before, view_.RoleOf(*instance));
  } else {
    index_.Change(key, before, StandingOf(*instance),
                  view_.ComponentOf(*instance).family());
  }
}

void LiveRuns::SetWaitingOn(const InstanceKey& key,
                            std::vector<InstanceKey> dependencies) {
  ledger_->Edit(key, [&](Instance& instance) {
    for (const InstanceKey& dependency : instance.waiting_on) {
      index_.StopWaiting(key, dependency);
    }
    instance.waiting_on = std::move(dependencies);
    for (const InstanceKey& dependency : instance.waiting_on) {
      index_.StartWaiting(key, dependency);
    }
  });
}

void LiveRuns::AddWaitingOn(const InstanceKey& key,
                            absl::Span<const InstanceKey> dependencies) {
  ledger_->Edit(key, [&](Instance& instance) {
    for (const InstanceKey& dependency : dependencies) {
      instance.waiting_on.push_back(dependency);
      index_.StartWaiting(key, dependency);
    }
  });
}

void LiveRuns::StrikeOff(const InstanceKey& key,
                         absl::Span<const InstanceKey> off) {
  if (off.empty() || view_.Live(key) == nullptr) return;
  ledger_->Edit(key, [&](Instance& instance) {
    if (Erase(instance.waiting_on, off) == 0) return;
    for (const InstanceKey& dependency : off) {
      index_.StopWaiting(key, dependency);
    }
  });
}

const Attempt* LiveRuns::AttemptOf(const InstanceKey& key) const {
  const auto found = state().attempts.find(key);
  return found == state().attempts.end() || HasEnded(found->second.status)
             ? nullptr
             : &found->second;
}

void LiveRuns::Add(Attempt attempt) { ledger_->Record(std::move(attempt)); }

void LiveRuns::EditAttempt(const InstanceKey& key,
                           absl::FunctionRef<void(Attempt&)> change) {
  ledger_->EditAttempt(key, change);
}

void LiveRuns::Watch(const InstanceKey& key) {
  for (const RunDeadline& limit : view_.LimitsOf(*view_.Live(key))) {
    deadlines_->Add(limit);
  }
}

void LiveRuns::Unwatch(const InstanceKey& key) {
  for (const RunDeadline& limit : view_.LimitsOf(*view_.Live(key))) {
    deadlines_->Remove(limit);
  }
}

void LiveRuns::Forget(const InstanceKey& key) {
  Unwatch(key);
  const Instance& instance = *view_.Live(key);
  for (const InstanceKey& dependency : instance.waiting_on) {
    index_.StopWaiting(key, dependency);
  }
  index_.Remove(key, StandingOf(instance), view_.RoleOf(instance));
}

}  // namespace holdline
