#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/pipeline/calendar/period.h"
#include "server/pipeline/definition/component_schedule.h"
#include "server/pipeline/definition/dependencies.h"
#include "server/pipeline/validation/definition_checks.h"

namespace holdline {
namespace {

void CheckCycles(const ResolvedDefinition& definition,
                 const DependencyGraph& graph, Findings& findings) {
  for (const std::vector<int>& cycle : Cycles(graph)) {
    std::string path;
    for (int place : cycle) {
      absl::StrAppend(&path, Quoted(definition.objects()[place].id),
                      " waits for ");
    }
    const std::string& first = definition.objects()[cycle[0]].id;
    findings.Error(
        first, absl::StrCat("CYCLIC_DEPENDENCY: ", path, Quoted(first), "."));
  }
}

// The periods by which objects run; nothing for those that have none.
std::vector<std::optional<Period>> PeriodsOf(
    const ResolvedDefinition& definition) {
  std::vector<std::optional<Period>> periods;
  for (const ResolvedObject& object : definition.objects()) {
    const std::optional<Schedule> schedule = ScheduleOf(definition, object);
    periods.emplace_back();
    if (schedule.has_value() && schedule->type != ScheduleType::kOnDemand) {
      periods.back() = schedule->period;
    }
  }
  return periods;
}

// Returns how many whole periods of `part` are in one of `whole`. The longest
// month counts.
size_t PartsOf(const Period& whole, const Period& part) {
  absl::Duration length = DurationOf(whole);
  if (whole.unit == Period::Unit::kMonth && whole.count == 1) {
    length = absl::Hours(31 * 24);
  }
  return static_cast<size_t>(length / DurationOf(part));
}

void CheckRollups(const CheckedDefinition& checked,
                  const DependencyGraph& graph, Findings& findings) {
  const std::vector<std::optional<Period>> periods =
      PeriodsOf(checked.resolved);
  for (size_t i = 0; i < graph.size(); ++i) {
    for (int dependency : graph[i]) {
      if (!periods[i].has_value() || !periods[dependency].has_value()) continue;
      const size_t parts = PartsOf(*periods[i], *periods[dependency]);
      if (parts <= checked.limits.rollups_max) continue;
      findings.Error(
          checked.resolved.objects()[i].id,
          absl::StrCat("EXCEEDED_LIMIT: an instance can wait for ",
                       checked.limits.rollups_max, " of another object, and ",
                       parts, " of ",
                       Quoted(checked.resolved.objects()[dependency].id),
                       " are within its period."));
    }
  }
}

}  // namespace

void CheckDependencies(const CheckedDefinition& checked, Findings& findings) {
  const DependencyGraph graph = DependenciesOf(checked.resolved);
  CheckCycles(checked.resolved, graph, findings);
  CheckRollups(checked, graph, findings);
}

}  // namespace holdline
