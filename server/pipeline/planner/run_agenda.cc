#include "server/pipeline/planner/run_agenda.h"

#include <utility>

namespace holdline {

void RunAgenda::AddEnded(Instance ended) { ended_.push_back(std::move(ended)); }

std::optional<Instance> RunAgenda::TakeEnded() {
  if (ended_.empty()) return std::nullopt;
  Instance first = std::move(ended_.front());
  ended_.pop_front();
  return first;
}

void RunAgenda::Consider(const InstanceKey& key) {
  if (is_considered_.insert(key).second) considered_.push_back(key);
}

std::optional<InstanceKey> RunAgenda::TakeConsidered() {
  if (considered_.empty()) return std::nullopt;
  const InstanceKey first = considered_.front();
  considered_.pop_front();
  is_considered_.erase(first);
  return first;
}

size_t RunAgenda::Strike(const InstanceKey& waiting, const InstanceKey& key) {
  std::vector<InstanceKey>& off = struck_[waiting];
  off.push_back(key);
  return off.size();
}

std::vector<InstanceKey> RunAgenda::TakeStruck(const InstanceKey& waiting) {
  const auto found = struck_.find(waiting);
  if (found == struck_.end()) return {};
  std::vector<InstanceKey> off = std::move(found->second);
  struck_.erase(found);
  return off;
}

std::optional<RunAgenda::Struck> RunAgenda::TakeStruck() {
  if (struck_.empty()) return std::nullopt;
  const auto first = struck_.begin();
  Struck struck{first->first, std::move(first->second)};
  struck_.erase(first);
  return struck;
}

void RunAgenda::Doubt(const InstanceKey& machine) { doubted_.insert(machine); }

std::optional<InstanceKey> RunAgenda::TakeDoubted() {
  if (doubted_.empty()) return std::nullopt;
  const InstanceKey first = *doubted_.begin();
  doubted_.erase(doubted_.begin());
  return first;
}

}  // namespace holdline
