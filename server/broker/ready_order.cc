#include "server/broker/ready_order.h"

#include <algorithm>
#include <cassert>
#include <functional>

namespace holdline {

void ReadyOrder::Add(const Task& task) {
  const Position position{task.state.ready_at, task.id};
  Level& level = levels_[task.spec.priority];
  auto [it, is_new] = level.shares.try_emplace(task.spec.fairness_key);
  Share& share = it->second;
  if (is_new) {
    share.key = task.spec.fairness_key;
    share.turn = level.turns.insert(level.turns.end(), &share);
  }
  share.waiting.insert(position);
  const bool added = level.by_age.insert(position).second;
  assert(added);
  (void)added;
  ++size_;
}

void ReadyOrder::Remove(const Task& task) {
  auto level = levels_.find(task.spec.priority);
  assert(level != levels_.end());
  Share& share = level->second.shares.at(task.spec.fairness_key);
  Erase(level, share, {task.state.ready_at, task.id});
}

TaskId ReadyOrder::Pop() {
  assert(!empty());
  auto level = NextLevel();
  Share& share = *level->second.turns.front();
  level->second.turns.splice(level->second.turns.end(), level->second.turns,
                             share.turn);
  const Position first = *share.waiting.begin();
  Erase(level, share, first);
  return first.task;
}

absl::Time ReadyOrder::oldest() const {
  absl::Time oldest = absl::InfiniteFuture();
  for (const auto& [priority, level] : levels_) {
    oldest = std::min(oldest, level.by_age.begin()->ready_at);
  }
  return oldest;
}

ReadyOrder::Levels::iterator ReadyOrder::NextLevel() {
  // Highest priority first, so that it wins a tie.
  auto next = levels_.begin();
  absl::Time earliest = absl::InfiniteFuture();
  for (auto level = levels_.begin(); level != levels_.end(); ++level) {
    const absl::Time counts_from =
        level->second.by_age.begin()->ready_at - level->first * priority_step_;
    if (counts_from < earliest) {
      earliest = counts_from;
      next = level;
    }
  }
  return next;
}

void ReadyOrder::Erase(Levels::iterator level, Share& share,
                       Position position) {
  const auto erased = level->second.by_age.erase(position);
  assert(erased == 1);
  (void)erased;
  share.waiting.erase(position);
  --size_;
  if (share.waiting.empty()) {
    level->second.turns.erase(share.turn);
    level->second.shares.erase(std::string(share.key));
  }
  if (level->second.by_age.empty()) levels_.erase(level);
}

}  // namespace holdline
