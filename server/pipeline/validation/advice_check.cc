#include <algorithm>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/pipeline/calendar/field_time.h"
#include "server/pipeline/definition/component_schedule.h"
#include "server/pipeline/validation/definition_checks.h"

namespace holdline {
namespace {

// The texts are those of AWS, to the letter, but for that of AdviseLateness().

void AdviseLog(const CheckedDefinition& checked, Findings& findings) {
  if (checked.definition.objects.empty()) return;
  const ResolvedObject* defaults = checked.resolved.Find(kDefaultObject);
  if (defaults != nullptr && defaults->Find("pipelineLogUri") != nullptr) {
    return;
  }
  findings.Warning(kDefaultObject,
                   "'pipelineLogUri'is missing. It is recommended to set this "
                   "value on Default object for better troubleshooting.");
}

void AdviseEnd(const ResolvedObject& object, Findings& findings) {
  if (object.family() != ObjectFamily::kResource ||
      object.Find("terminateAfter") != nullptr) {
    return;
  }
  findings.Warning(object.id,
                   "'terminateAfter' is missing. It is recommended to set this "
                   "to avoid leaving resource running for long duration.");
}

void AdviseLateness(const ResolvedObject& object, Findings& findings) {
  const bool is_own = std::any_of(
      object.own.begin(), object.own.end(),
      [](const Field& field) { return field.key == "onLateAction"; });
  if (is_own && object.type != nullptr &&
      object.Find("lateAfterTimeout") == nullptr) {
    findings.Warning(object.id,
                     "'onLateAction' has no effect without "
                     "'lateAfterTimeout'.");
  }
}

using Ids = absl::flat_hash_set<absl::string_view>;

// What is part of what runs already, so that its backfill is nothing new.
Ids ActiveIds(const Definition* active) {
  Ids ids;
  if (active == nullptr) return ids;
  for (const PipelineObject& object : active->objects) ids.insert(object.id);
  return ids;
}

void AdviseBackfill(const CheckedDefinition& checked,
                    const ResolvedObject& object, const Ids& active,
                    Findings& findings) {
  if (object.type == nullptr || !object.Applies("failureAndRerunMode") ||
      !absl::EqualsIgnoreCase(object.Text("failureAndRerunMode"), "cascade") ||
      active.contains(object.id)) {
    return;
  }
  const std::optional<Schedule> schedule = ScheduleOf(checked.resolved, object);
  if (!schedule.has_value() || schedule->type == ScheduleType::kOnDemand ||
      schedule->starts_at_first_activation || schedule->start >= checked.now) {
    return;
  }
  findings.Warning(
      object.id,
      absl::StrCat(object.name,
                   " has 'failureAndRerunMode' field set to 'cascade' and you "
                   "are about to create a backfill with scheduleStartTime ",
                   ShownStart(checked.resolved, object, *schedule),
                   ". This can result in rapid creation of pipeline objects in "
                   "case of failures."));
}

}  // namespace

void CheckAdvice(const CheckedDefinition& checked, Findings& findings) {
  AdviseLog(checked, findings);
  const Ids active = ActiveIds(checked.active);
  for (const ResolvedObject& object : checked.resolved.objects()) {
    AdviseEnd(object, findings);
    AdviseLateness(object, findings);
    AdviseBackfill(checked, object, active, findings);
  }
}

}  // namespace holdline
