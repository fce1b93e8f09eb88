#include "server/broker/hosts.h"

#include <cassert>

namespace holdline {

void Hosts::Add(const Standing& standing, std::vector<CallId>* changed) {
  Move(standing, true, changed);
}

void Hosts::Remove(const Standing& standing, std::vector<CallId>* changed) {
  Move(standing, false, changed);
}

void Hosts::Move(const Standing& standing, bool stands,
                 std::vector<CallId>* changed) {
  const auto it = hosts_.try_emplace(standing.host).first;
  Host& host = it->second;
  const bool everywhere = standing.worker_group.empty();
  Stand& stand =
      everywhere ? host.everywhere : host.seats[standing.worker_group].stand;
  if (stands) {
    stand.runners.insert(standing.runner);
    stand.draining += standing.draining;
  } else {
    const size_t removed = stand.runners.erase(standing.runner);
    assert(removed == 1);
    (void)removed;
    stand.draining -= standing.draining;
  }
  if (everywhere) {
    RecheckAll(it, changed);
  } else {
    Recheck(it->first, host, host.seats[standing.worker_group], changed);
  }
  Tidy(it, standing.worker_group);
}

void Hosts::SetDraining(const RunnerKey& host, bool draining,
                        std::vector<CallId>* changed) {
  if (draining) {
    draining_.insert(host);
  } else {
    draining_.erase(host);
  }
  const auto it = hosts_.find(host);
  if (it == hosts_.end()) return;
  const auto& named = it->second.named_calls;
  changed->insert(changed->end(), named.begin(), named.end());
  RecheckAll(it, changed);
}

void Hosts::AddNamed(const RunnerKey& host, CallId call) {
  hosts_[host].named_calls.insert(call);
}

void Hosts::RemoveNamed(const RunnerKey& host, CallId call) {
  const auto it = hosts_.find(host);
  assert(it != hosts_.end());
  it->second.named_calls.erase(call);
  Tidy(it, "");
}

void Hosts::Change(const RunnerKey& host, const std::string& worker_group,
                   absl::FunctionRef<void(RunnerActivity&)> change) {
  const auto it = hosts_.try_emplace(host).first;
  const auto [seat, is_new] = it->second.seats.try_emplace(worker_group);
  if (is_new) {
    seat->second.resting = Rests(it->first, it->second, &seat->second.stand);
  }
  change(seat->second.activity);
  Tidy(it, worker_group);
}

bool Hosts::Rests(const RunnerKey& host,
                  const std::string& worker_group) const {
  if (!any_draining()) return false;
  const auto it = hosts_.find(host);
  if (it == hosts_.end()) return IsDraining(host);
  const auto seat = it->second.seats.find(worker_group);
  return Rests(host, it->second,
               seat == it->second.seats.end() ? nullptr : &seat->second.stand);
}

bool Hosts::Rests(const RunnerKey& key, const Host& host,
                  const Stand* stand) const {
  if (IsDraining(key)) return true;
  size_t runners = host.everywhere.runners.size();
  size_t draining = host.everywhere.draining;
  if (stand != nullptr) {
    runners += stand->runners.size();
    draining += stand->draining;
  }
  return runners > 0 && draining == runners;
}

const RunnerKey* Hosts::RunnerOf(const RunnerKey& host,
                                 const std::string& worker_group) const {
  const auto it = hosts_.find(host);
  if (it == hosts_.end()) return nullptr;
  const auto seat = it->second.seats.find(worker_group);
  return Sole(it->second,
              seat == it->second.seats.end() ? nullptr : &seat->second.stand);
}

const RunnerKey* Hosts::Sole(const Host& host, const Stand* stand) {
  const auto& everywhere = host.everywhere.runners;
  const size_t beside = stand == nullptr ? 0 : stand->runners.size();
  if (everywhere.size() + beside != 1) return nullptr;
  return beside == 1 ? *stand->runners.begin() : *everywhere.begin();
}

void Hosts::VisitOf(
    const Standing& standing,
    absl::FunctionRef<void(const RunnerActivity&)> visit) const {
  const auto it = hosts_.find(standing.host);
  if (it == hosts_.end()) return;
  const Host& host = it->second;
  const auto visit_if_sole = [&](const Seat& seat) {
    if (Sole(host, &seat.stand) == standing.runner) visit(seat.activity);
  };
  if (!standing.worker_group.empty()) {
    const auto seat = host.seats.find(standing.worker_group);
    if (seat != host.seats.end()) visit_if_sole(seat->second);
  } else if (host.everywhere.runners.size() == 1) {
    for (const auto& [worker_group, seat] : host.seats) visit_if_sole(seat);
  }
}

void Hosts::VisitUnclaimed(
    const RunnerKey& host,
    absl::FunctionRef<void(const RunnerActivity&)> visit) const {
  const auto it = hosts_.find(host);
  if (it == hosts_.end()) return;
  for (const auto& [worker_group, seat] : it->second.seats) {
    if (Sole(it->second, &seat.stand) == nullptr) visit(seat.activity);
  }
}

const RunnerKey* Hosts::NextUnclaimed(const RunnerKey& after) const {
  for (auto it = hosts_.upper_bound(after);
       it != hosts_.end() && it->first.account == after.account; ++it) {
    if (IsUnclaimed(it->second)) return &it->first;
  }
  return nullptr;
}

bool Hosts::IsUnclaimed(const Host& host) {
  for (const auto& [worker_group, seat] : host.seats) {
    if (!seat.activity.empty() && Sole(host, &seat.stand) == nullptr) {
      return true;
    }
  }
  return false;
}

void Hosts::Recheck(const RunnerKey& key, const Host& host, Seat& seat,
                    std::vector<CallId>* changed) const {
  const bool rests = Rests(key, host, &seat.stand);
  if (rests == seat.resting) return;
  seat.resting = rests;
  const auto& calls = seat.activity.calls;
  changed->insert(changed->end(), calls.begin(), calls.end());
}

void Hosts::RecheckAll(HostMap::iterator it, std::vector<CallId>* changed) {
  for (auto& [worker_group, seat] : it->second.seats) {
    Recheck(it->first, it->second, seat, changed);
  }
}

void Hosts::Tidy(HostMap::iterator it, const std::string& worker_group) {
  Host& host = it->second;
  const auto seat = host.seats.find(worker_group);
  if (seat != host.seats.end() && seat->second.activity.empty() &&
      seat->second.stand.runners.empty()) {
    host.seats.erase(seat);
  }
  if (host.seats.empty() && host.everywhere.runners.empty() &&
      host.named_calls.empty()) {
    hosts_.erase(it);
  }
}

}  // namespace holdline
