#include "server/broker/runners.h"

namespace holdline {
namespace {

// Counts in a map that keeps no zeros.
void Add(absl::flat_hash_map<RunnerKey, int>& counts, const RunnerKey& key,
         int change) {
  const int count = counts[key] += change;
  if (count == 0) counts.erase(key);
}

}  // namespace

void Runners::Learn(const RunnerRecord& record) {
  Forget(record.runner);
  records_.emplace(record.runner, record);
  const RunnerKey host = HostOf(record);
  if (host != record.runner) Add(named_hosts_, host, 1);
  if (!record.draining) return;
  Add(draining_, record.runner, 1);
  if (host != record.runner) Add(draining_, host, 1);
}

void Runners::Forget(const RunnerKey& runner) {
  auto it = records_.find(runner);
  if (it == records_.end()) return;
  const RunnerKey host = HostOf(it->second);
  if (host != runner) Add(named_hosts_, host, -1);
  if (it->second.draining) {
    Add(draining_, runner, -1);
    if (host != runner) Add(draining_, host, -1);
  }
  records_.erase(it);
}

void Runners::CountParked(const RunnerKey& host, int change) {
  Count(host, change, 0);
}

void Runners::CountLeased(const RunnerKey& host, int change) {
  Count(host, 0, change);
}

void Runners::Count(const RunnerKey& host, int parked, int leased) {
  if (host.name.empty()) return;
  auto it = hosts_.try_emplace(host).first;
  it->second.parked += parked;
  it->second.leased += leased;
  if (it->second.parked == 0 && it->second.leased == 0) hosts_.erase(it);
}

bool Runners::IsDraining(const RunnerKey& host) const {
  return !draining_.empty() && draining_.contains(host);
}

RunnerView Runners::View(const RunnerKey& runner) const {
  RunnerView view;
  view.record.runner = runner;
  auto record = records_.find(runner);
  if (record != records_.end()) view.record = record->second;
  auto activity = hosts_.find(HostOf(view.record));
  if (activity != hosts_.end()) {
    view.parked_calls = activity->second.parked;
    view.leased_tasks = activity->second.leased;
  }
  return view;
}

std::vector<RunnerView> Runners::List(const AccountId& account,
                                      const std::string& after, int limit,
                                      bool* more) const {
  std::vector<RunnerView> views;
  *more = false;
  auto record = records_.upper_bound({account, after});
  auto host = hosts_.upper_bound({account, after});
  const auto ours = [&account](const auto& it, const auto& map) {
    return it != map.end() && it->first.account == account;
  };
  while (true) {
    while (ours(host, hosts_) && (named_hosts_.contains(host->first) ||
                                  records_.contains(host->first))) {
      ++host;
    }
    const bool has_record = ours(record, records_);
    const bool has_host = ours(host, hosts_);
    if (!has_record && !has_host) return views;
    if (static_cast<int>(views.size()) == limit) {
      *more = true;
      return views;
    }
    const bool record_first =
        has_record && (!has_host || record->first < host->first);
    views.push_back(View(record_first ? (record++)->first : (host++)->first));
  }
}

RunnerKey Runners::HostOf(const RunnerRecord& record) {
  if (record.hostname.empty()) return record.runner;
  return {record.runner.account, record.hostname};
}

}  // namespace holdline
