#include "server/broker/runners.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace holdline {
namespace {

RunnerKey NameOf(const Poller& poller) {
  return {poller.group.account, poller.taskrunner_id};
}

RunnerKey HostOf(const Poller& poller) {
  return {poller.group.account, poller.hostname};
}

bool SameStanding(const RunnerRecord& a, const RunnerRecord& b) {
  return a.hostname == b.hostname && a.worker_group == b.worker_group &&
         a.draining == b.draining;
}

}  // namespace

Runners::ChangedCalls Runners::Learn(const RunnerRecord& record) {
  ChangedCalls changed;
  auto& entry = *runners_.try_emplace(record.runner).first;
  auto& [key, runner] = entry;
  const bool drained = runner.record.has_value() && runner.record->draining;
  const bool stands = !runner.record.has_value() || runner.stands;
  if (runner.record.has_value() && !SameStanding(*runner.record, record)) {
    SetStands(entry, false, &changed);
  }
  Uncount(entry);
  runner.record = record;
  Count(entry);
  runner.heartbeat_at = std::max(runner.heartbeat_at, record.heartbeat_at);
  runner.seen_at = std::max(runner.seen_at, runner.heartbeat_at);
  SetStands(entry, stands, &changed);
  if (drained != record.draining) {
    const auto& calls = runner.named.calls;
    changed.insert(changed.end(), calls.begin(), calls.end());
    hosts_.SetDraining(key, record.draining, &changed);
  }
  return changed;
}

Runners::ChangedCalls Runners::Forget(const RunnerKey& runner) {
  ChangedCalls changed;
  const auto it = runners_.find(runner);
  if (it == runners_.end() || !it->second.record.has_value()) return changed;
  const bool drained = it->second.record->draining;
  SetStands(*it, false, &changed);
  Uncount(*it);
  it->second.record.reset();
  if (drained) {
    const auto& calls = it->second.named.calls;
    changed.insert(changed.end(), calls.begin(), calls.end());
    hosts_.SetDraining(runner, false, &changed);
  }
  Tidy(it);
  return changed;
}

Runners::ChangedCalls Runners::Heard(const RunnerKey& runner, absl::Time now) {
  ChangedCalls changed;
  const auto it = runners_.find(runner);
  assert(it != runners_.end() && it->second.record.has_value());
  it->second.heartbeat_at = now;
  Touch(*it, now);
  SetStands(*it, true, &changed);
  return changed;
}

Runners::ChangedCalls Runners::Dismiss(absl::Time heard_before) {
  ChangedCalls changed;
  for (auto& entry : runners_) {
    if (entry.second.heartbeat_at <= heard_before) {
      SetStands(entry, false, &changed);
    }
  }
  return changed;
}

Runners::ChangedCalls Runners::AddCall(const Poller& poller, CallId call,
                                       absl::Time now) {
  ChangedCalls changed;
  if (!poller.taskrunner_id.empty()) {
    auto& entry = *runners_.try_emplace(NameOf(poller)).first;
    entry.second.named.calls.insert(call);
    if (!entry.second.polls_by_name) {
      entry.second.polls_by_name = true;
      SetStands(entry, false, &changed);
    }
    if (!poller.hostname.empty()) hosts_.AddNamed(HostOf(poller), call);
  } else if (!poller.hostname.empty()) {
    hosts_.Change(
        HostOf(poller), poller.group.name,
        [call](RunnerActivity& activity) { activity.calls.insert(call); });
  }
  Saw(poller, now);
  return changed;
}

void Runners::RemoveCall(const Poller& poller, CallId call, absl::Time now) {
  Saw(poller, now);
  if (!poller.taskrunner_id.empty()) {
    const auto it = runners_.find(NameOf(poller));
    assert(it != runners_.end());
    it->second.named.calls.erase(call);
    Tidy(it);
    if (!poller.hostname.empty()) hosts_.RemoveNamed(HostOf(poller), call);
  } else if (!poller.hostname.empty()) {
    hosts_.Change(
        HostOf(poller), poller.group.name,
        [call](RunnerActivity& activity) { activity.calls.erase(call); });
  }
}

void Runners::CountLeased(const Poller& poller, int change) {
  if (!poller.taskrunner_id.empty()) {
    const auto it = runners_.try_emplace(NameOf(poller)).first;
    it->second.named.leased += change;
    Tidy(it);
  } else if (!poller.hostname.empty()) {
    hosts_.Change(
        HostOf(poller), poller.group.name,
        [change](RunnerActivity& activity) { activity.leased += change; });
  }
}

void Runners::Saw(const Poller& poller, absl::Time now) {
  if (!poller.taskrunner_id.empty()) {
    const auto it = runners_.find(NameOf(poller));
    if (it != runners_.end()) Touch(*it, now);
  } else if (!poller.hostname.empty()) {
    const RunnerKey* runner =
        hosts_.RunnerOf(HostOf(poller), poller.group.name);
    if (runner != nullptr) Touch(*runners_.find(*runner), now);
  }
}

bool Runners::IsDraining(const Poller& poller) const {
  if (!hosts_.any_draining()) return false;
  if (poller.taskrunner_id.empty()) {
    return !poller.hostname.empty() &&
           hosts_.Rests(HostOf(poller), poller.group.name);
  }
  return IsDraining(NameOf(poller)) ||
         (!poller.hostname.empty() && IsDraining(HostOf(poller)));
}

int64_t Runners::draining(const AccountId& account) const {
  const auto it = accounts_.find(account);
  return it == accounts_.end() ? 0 : it->second.draining;
}

int64_t Runners::remembered(const AccountId& account) const {
  const auto it = accounts_.find(account);
  return it == accounts_.end() ? 0
                               : static_cast<int64_t>(it->second.seen.size());
}

const RunnerKey* Runners::Oldest(const AccountId& account) const {
  const auto it = accounts_.find(account);
  if (it == accounts_.end() || it->second.seen.empty()) return nullptr;
  return it->second.seen.front();
}

std::vector<RunnerKey> Runners::NotSeenAfter(absl::Time time, int limit) const {
  std::vector<RunnerKey> found;
  for (const auto& [account, runners] : accounts_) {
    for (const RunnerKey* key : runners.seen) {
      if (static_cast<int>(found.size()) == limit) return found;
      const Runner& runner = runners_.find(*key)->second;
      if (runner.seen_at > time) break;
      if (runner.named.empty()) found.push_back(*key);
    }
  }
  return found;
}

RunnerView Runners::View(const RunnerKey& runner, absl::Time now) const {
  RunnerView view;
  view.record.runner = runner;
  const auto add = [&view](const RunnerActivity& activity) {
    view.parked_calls += static_cast<int64_t>(activity.calls.size());
    view.leased_tasks += activity.leased;
  };
  const auto it = runners_.find(runner);
  if (it != runners_.end()) {
    if (it->second.record.has_value()) view.record = *it->second.record;
    view.record.heartbeat_at = it->second.heartbeat_at;
    view.seen_at = it->second.seen_at;
    add(it->second.named);
    if (it->second.stands) hosts_.VisitOf(StandingOf(*it), add);
  }
  hosts_.VisitUnclaimed(runner, add);
  if (view.parked_calls > 0) view.seen_at = now;
  return view;
}

std::vector<RunnerView> Runners::List(const AccountId& account,
                                      const std::string& after, int limit,
                                      absl::Time now, bool* more) const {
  std::vector<RunnerView> views;
  *more = false;
  auto runner = runners_.upper_bound({account, after});
  const RunnerKey* host = hosts_.NextUnclaimed({account, after});
  while (true) {
    const bool has_runner =
        runner != runners_.end() && runner->first.account == account;
    if (!has_runner && host == nullptr) return views;
    if (static_cast<int>(views.size()) == limit) {
      *more = true;
      return views;
    }
    const RunnerKey next = !has_runner       ? *host
                           : host == nullptr ? runner->first
                                             : std::min(runner->first, *host);
    views.push_back(View(next, now));
    if (has_runner && runner->first == next) ++runner;
    if (host != nullptr && *host == next) host = hosts_.NextUnclaimed(next);
  }
}

Standing Runners::StandingOf(const RunnerMap::value_type& entry) {
  const RunnerRecord& record = *entry.second.record;
  return {&entry.first,
          {record.runner.account, record.hostname},
          record.worker_group,
          record.draining};
}

// Only a runner whose heartbeats name a host, and whose polls do not name it,
// can stand for those of the host.
void Runners::SetStands(RunnerMap::value_type& entry, bool stands,
                        ChangedCalls* changed) {
  Runner& runner = entry.second;
  const bool wanted = stands && !runner.polls_by_name &&
                      runner.record.has_value() &&
                      !runner.record->hostname.empty();
  if (wanted == runner.stands) return;
  runner.stands = wanted;
  if (wanted) {
    hosts_.Add(StandingOf(entry), changed);
  } else {
    hosts_.Remove(StandingOf(entry), changed);
  }
}

void Runners::Count(RunnerMap::value_type& entry) {
  Account& account = accounts_[entry.first.account];
  Runner& runner = entry.second;
  if (runner.record->draining) {
    ++account.draining;
  } else {
    runner.seen = account.seen.insert(account.seen.end(), &entry.first);
  }
}

void Runners::Uncount(const RunnerMap::value_type& entry) {
  const Runner& runner = entry.second;
  if (!runner.record.has_value()) return;
  const auto account = accounts_.find(entry.first.account);
  if (runner.record->draining) {
    --account->second.draining;
  } else {
    account->second.seen.erase(runner.seen);
  }
  if (account->second.draining == 0 && account->second.seen.empty()) {
    accounts_.erase(account);
  }
}

void Runners::Touch(RunnerMap::value_type& entry, absl::Time now) {
  Runner& runner = entry.second;
  runner.seen_at = now;
  if (!runner.remembered()) return;
  SeenOrder& seen = accounts_.find(entry.first.account)->second.seen;
  seen.splice(seen.end(), seen, runner.seen);
}

void Runners::Tidy(RunnerMap::iterator it) {
  if (!it->second.record.has_value() && it->second.named.empty()) {
    runners_.erase(it);
  }
}

}  // namespace holdline
