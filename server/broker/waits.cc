#include "server/broker/waits.h"

#include <algorithm>

namespace holdline {

void Waits::Park(const ParkedWait& wait) {
  waits_.emplace(wait.call, wait);
  by_task_[wait.task].push_back(wait.call);
}

std::optional<ParkedWait> Waits::Unpark(CallId call) {
  auto it = waits_.find(call);
  if (it == waits_.end()) return std::nullopt;
  const ParkedWait wait = it->second;
  waits_.erase(it);
  auto calls = by_task_.find(wait.task);
  calls->second.erase(
      std::find(calls->second.begin(), calls->second.end(), call));
  if (calls->second.empty()) by_task_.erase(calls);
  return wait;
}

std::vector<CallId> Waits::WaitingFor(TaskId task) const {
  auto it = by_task_.find(task);
  return it == by_task_.end() ? std::vector<CallId>() : it->second;
}

std::vector<CallId> Waits::parked_calls() const {
  std::vector<CallId> calls;
  calls.reserve(waits_.size());
  for (const auto& [call, wait] : waits_) calls.push_back(call);
  return calls;
}

}  // namespace holdline
