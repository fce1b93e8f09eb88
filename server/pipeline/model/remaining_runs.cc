#include "server/pipeline/model/remaining_runs.h"

#include <cstdint>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_map.h"
#include "server/pipeline/model/workflow.h"

namespace holdline {

bool CanRunFurther(const Definition& definition,
                   absl::Span<const ComponentRecord> components,
                   absl::Time first_activation) {
  absl::flat_hash_map<std::string, ComponentNumber> numbers;
  absl::flat_hash_map<ComponentNumber, int64_t> next_intervals;
  for (const ComponentRecord& component : components) {
    numbers.emplace(component.id, component.number);
    next_intervals.emplace(component.number, component.next_interval);
  }
  for (const std::string& id :
       RunnableObjects(ResolvedDefinition::Resolve(definition))) {
    numbers.emplace(id,
                    ComponentNumber{static_cast<uint32_t>(numbers.size()) + 1});
  }
  const auto next = Workflow::Make(definition, numbers, first_activation);
  if (next->on_demand()) return true;
  return absl::c_any_of(next->components(), [&](const Component& component) {
    if (component.family() == ObjectFamily::kPrecondition) return false;
    const auto known = next_intervals.find(component.number);
    // A schedule that cannot be read may be one that goes on.
    return known == next_intervals.end() || !component.schedule.has_value() ||
           known->second < IntervalCount(*component.schedule);
  });
}

}  // namespace holdline
