#include "server/pipeline/planner/run_agenda.h"

#include <utility>

namespace holdline {

void RunAgenda::AddSpreading(const InstanceKey& key, RerunReach reach) {
  const bool may_be_reached = reach == RerunReach::kWhenReached;
  spreading_.erase({!may_be_reached, key});
  spreading_.insert_or_assign({may_be_reached, key}, SpreadingRerun{key});
}

SpreadingRerun* RunAgenda::FirstSpreading() {
  return spreading_.empty() ? nullptr : &spreading_.begin()->second;
}

void RunAgenda::AddReview() { review_.emplace(std::nullopt); }

std::optional<ComponentNumber> RunAgenda::TakeFreeSlot() {
  if (free_slots_.empty()) return std::nullopt;
  const ComponentNumber first = *free_slots_.begin();
  free_slots_.erase(free_slots_.begin());
  return first;
}

void RunAgenda::AddCandidate(const InstanceKey& key) {
  if (is_candidate_.insert(key).second) candidates_.push_back(key);
}

std::optional<InstanceKey> RunAgenda::TakeCandidate() {
  if (candidates_.empty()) return std::nullopt;
  const InstanceKey first = candidates_.front();
  candidates_.pop_front();
  is_candidate_.erase(first);
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

std::optional<InstanceKey> RunAgenda::TakeIdleResource() {
  if (idle_.empty()) return std::nullopt;
  const InstanceKey first = *idle_.begin();
  idle_.erase(idle_.begin());
  return first;
}

RunAgenda* RunAgendas::Find(PipelineNumber pipeline) {
  const auto found = agendas_.find(pipeline);
  return found == agendas_.end() ? nullptr : &found->second;
}

const RunAgenda* RunAgendas::Find(PipelineNumber pipeline) const {
  const auto found = agendas_.find(pipeline);
  return found == agendas_.end() ? nullptr : &found->second;
}

void RunAgendas::Settle(PipelineNumber pipeline) {
  const auto found = agendas_.find(pipeline);
  if (found != agendas_.end() && found->second.empty()) agendas_.erase(found);
}

PipelineNumber RunAgendas::After(PipelineNumber pipeline) const {
  const auto next = agendas_.upper_bound(pipeline);
  return next == agendas_.end() ? agendas_.begin()->first : next->first;
}

}  // namespace holdline
