#include "server/pipeline/model/remaining_runs.h"

#include <cstdint>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"

namespace holdline {

bool CanRunFurther(const Workflow& next,
                   absl::Span<const ComponentRecord> components) {
  if (next.on_demand()) return true;
  absl::flat_hash_map<ComponentNumber, int64_t> next_intervals;
  for (const ComponentRecord& component : components) {
    next_intervals.emplace(component.number, component.next_interval);
  }
  return absl::c_any_of(next.components(), [&](const Component& component) {
    if (component.family() == ObjectFamily::kPrecondition) return false;
    const auto known = next_intervals.find(component.number);
    // A schedule with an error may be one that continues.
    return known == next_intervals.end() || !component.schedule.has_value() ||
           known->second < IntervalCount(*component.schedule);
  });
}

}  // namespace holdline
