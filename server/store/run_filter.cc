#include "server/store/run_filter.h"

#include <algorithm>

namespace holdline {
namespace {

template <typename Value>
bool Allows(const std::optional<std::set<Value>>& allowed, Value value) {
  return !allowed.has_value() || allowed->contains(value);
}

}  // namespace

bool Matches(const RunFilter& filter, const Instance& instance) {
  return filter.start.Contains(instance.key.start) &&
         filter.end.Contains(instance.end) &&
         filter.created.Contains(instance.created_at) &&
         filter.ended.Contains(instance.ended_at) &&
         Allows(filter.statuses, instance.status) &&
         Allows(filter.components, instance.key.component);
}

bool Matches(const RunFilter& filter, const Attempt& attempt, absl::Time end) {
  const InstanceKey& instance = attempt.key.instance;
  return filter.start.Contains(instance.start) && filter.end.Contains(end) &&
         filter.created.Contains(attempt.ready_at) &&
         filter.ended.Contains(attempt.ended_at) &&
         Allows(filter.statuses, attempt.status) &&
         Allows(filter.components, instance.component);
}

bool OnlyLive(const RunFilter& filter) {
  return filter.statuses.has_value() &&
         std::none_of(filter.statuses->begin(), filter.statuses->end(),
                      HasEnded);
}

}  // namespace holdline
