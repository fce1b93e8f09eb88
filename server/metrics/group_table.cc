#include "server/metrics/group_table.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace holdline {
namespace {

GroupKey Others() {
  return {AccountId{GroupTable::kOther}, GroupTable::kOther};
}

}  // namespace

GroupRow& GroupRow::operator+=(const GroupRow& other) {
  ready += other.ready;
  delayed += other.delayed;
  leased += other.leased;
  parked += other.parked;
  paused += other.paused;
  draining += other.draining;
  oldest_age = std::max(oldest_age, other.oldest_age);
  counted = std::max(counted, other.counted);
  return *this;
}

void GroupTable::BeginCount() {
  ++count_;
  rows_.erase(Others());
  rowless_.clear();
  other_ = {};
  for (auto& [group, row] : rows_) {
    const int64_t counted = row.counted;
    row = {};
    row.counted = counted;
  }
}

void GroupTable::Add(const GroupView& view, absl::Time now) {
  const GroupRow row = {
      .ready = view.ready_tasks,
      .delayed = view.delayed_tasks,
      .leased = view.leased_tasks,
      .parked = view.parked_calls - view.resting_calls,
      .paused = view.settings.paused,
      .draining = view.settings.draining,
      .oldest_age = std::max(now - view.oldest_ready_at, absl::ZeroDuration()),
      .counted = count_};
  const GroupKey& group = view.settings.group;
  if (rows_.contains(group) || rows_.size() < rows_max_) {
    rows_[group] += row;
  } else if (rowless_.contains(group) || rowless_.size() < rows_max_) {
    rowless_[group] += row;
  } else {
    other_ += row;
  }
}

void GroupTable::EndCount() {
  std::vector<std::pair<int64_t, GroupKey>> unused;
  for (const auto& [group, row] : rows_) {
    if (row.counted < count_) unused.emplace_back(row.counted, group);
  }
  std::sort(unused.rbegin(), unused.rend());
  for (auto& [group, row] : rowless_) {
    if (unused.empty()) {
      other_ += row;
    } else {
      rows_.erase(unused.back().second);
      unused.pop_back();
      rows_.emplace(group, row);
    }
  }
  if (other_.counted > 0) rows_[Others()] += other_;
}

}  // namespace holdline
