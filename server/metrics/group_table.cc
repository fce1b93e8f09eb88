#include "server/metrics/group_table.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace holdline {

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
  rows_.erase(kOther);
  rowless_.clear();
  other_ = {};
  for (auto& [name, row] : rows_) {
    const int64_t counted = row.counted;
    row = {};
    row.counted = counted;
  }
}

void GroupTable::Add(const GroupView& group, absl::Time now) {
  const GroupRow row = {
      .ready = group.ready_tasks,
      .delayed = group.delayed_tasks,
      .leased = group.leased_tasks,
      .parked = group.parked_calls,
      .paused = group.settings.paused,
      .draining = group.settings.draining,
      .oldest_age = std::max(now - group.oldest_ready_at, absl::ZeroDuration()),
      .counted = count_};
  const std::string& name = group.settings.group.name;
  if (rows_.contains(name) || rows_.size() < rows_max_) {
    rows_[name] += row;
  } else if (rowless_.contains(name) || rowless_.size() < rows_max_) {
    rowless_[name] += row;
  } else {
    other_ += row;
  }
}

void GroupTable::EndCount() {
  std::vector<std::pair<int64_t, std::string>> unused;
  for (const auto& [name, row] : rows_) {
    if (row.counted < count_) unused.emplace_back(row.counted, name);
  }
  std::sort(unused.rbegin(), unused.rend());
  for (auto& [name, row] : rowless_) {
    if (unused.empty()) {
      other_ += row;
    } else {
      rows_.erase(unused.back().second);
      unused.pop_back();
      rows_.emplace(name, row);
    }
  }
  if (other_.counted > 0) rows_[kOther] += other_;
}

}  // namespace holdline
