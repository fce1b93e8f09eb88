#include <algorithm>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/pipeline/calendar/field_time.h"
#include "server/pipeline/definition/component_schedule.h"
#include "server/pipeline/validation/definition_checks.h"

namespace holdline {
namespace {

void CheckOrder(const ResolvedObject& schedule, Findings& findings) {
  const std::optional<absl::Time> start =
      ParseFieldTime(schedule.Text("startDateTime"));
  const std::optional<absl::Time> end =
      ParseFieldTime(schedule.Text("endDateTime"));
  if (start.has_value() && end.has_value() && *end <= *start) {
    findings.Error(schedule.id,
                   "INVALID_FIELD_VALUE: 'endDateTime' value must be later "
                   "than 'startDateTime'.");
  }
}

// The period and the start of an on-demand schedule go together.
void CheckOnDemandPair(const ResolvedObject& schedule, Findings& findings) {
  if (!IsOnDemandSchedule(schedule)) return;
  if (schedule.Find("startAt") == nullptr ||
      schedule.Find("period") == nullptr) {
    return;  // said to be missing elsewhere
  }
  if (absl::EqualsIgnoreCase(schedule.Text("period"), kOnDemandPeriod) &&
      absl::EqualsIgnoreCase(schedule.Text("startAt"), kOnDemandStart)) {
    return;
  }
  findings.Error(schedule.id, absl::StrCat("CONFLICTING_FIELDS: the period ",
                                           kOnDemandPeriod, " and the start ",
                                           kOnDemandStart, " go together."));
}

// Whether the object takes part in the schedule: preconditions follow their
// owner, and other families have no time.
bool IsScheduled(const ResolvedObject& object) {
  return object.family() == ObjectFamily::kActivity ||
         object.family() == ObjectFamily::kDataNode ||
         object.family() == ObjectFamily::kResource;
}

// Whether the object, or one without a type for others, says by which schedule
// it runs. So a conflict is told where it is written, and not of all that
// inherit it.
bool SetsSchedule(const ResolvedObject& object) {
  for (const Field& field : object.own) {
    if (field.key == "schedule" || field.key == "scheduleType") return true;
  }
  return false;
}

void CheckOnDemandAlone(const CheckedDefinition& checked,
                        const ResolvedObject& object, Findings& findings) {
  if (!SetsSchedule(object) || !IsOnDemand(checked.resolved, object)) return;
  const ResolvedObject* schedule = ScheduleObjectOf(checked.resolved, object);
  if (schedule != nullptr && !IsOnDemandSchedule(*schedule)) {
    findings.Error(object.id,
                   "CONFLICTING_FIELDS: with the 'scheduleType' ondemand there "
                   "must be no 'schedule'.");
  }
  const absl::string_view type = object.Text("scheduleType");
  if (!type.empty() && IsLiteral(type) &&
      !absl::EqualsIgnoreCase(type, "ondemand")) {
    findings.Error(object.id,
                   "CONFLICTING_FIELDS: with an on-demand 'schedule' the "
                   "'scheduleType' must be ondemand.");
  }
}

void CheckComponent(const CheckedDefinition& checked,
                    const ResolvedObject& object, bool some_on_demand,
                    Findings& findings) {
  if (IsOnDemand(checked.resolved, object)) return;
  if (some_on_demand) {
    findings.Error(object.id,
                   "CONFLICTING_FIELDS: the 'scheduleType' ondemand must be "
                   "the only one of a pipeline.");
  } else if (object.Find("schedule") == nullptr) {
    findings.Error(object.id,
                   "MISSING_FIELD: 'schedule' is required, own or inherited, "
                   "unless the 'scheduleType' is ondemand.");
  }
}

// That a first activation does not bring more of the past than is wanted.
void CheckBackfill(const CheckedDefinition& checked,
                   const ResolvedObject& object, Findings& findings) {
  if (!checked.for_activation || checked.active != nullptr) return;
  const std::optional<Schedule> schedule = ScheduleOf(checked.resolved, object);
  if (!schedule.has_value() || schedule->type == ScheduleType::kOnDemand ||
      schedule->starts_at_first_activation ||
      std::max(schedule->start, checked.start) >=
          checked.now - checked.limits.backfill_max) {
    return;
  }
  findings.Error(
      object.id,
      absl::StrCat("EXCEEDED_LIMIT: the work starts at ",
                   ShownStart(checked.resolved, object, *schedule),
                   ", more than ",
                   absl::FormatDuration(checked.limits.backfill_max),
                   " ago; activate the pipeline with a start timestamp."));
}

}  // namespace

std::string ShownStart(const ResolvedDefinition& definition,
                       const ResolvedObject& object, const Schedule& schedule) {
  const ResolvedObject* written = ScheduleObjectOf(definition, object);
  const Field* start =
      written == nullptr ? nullptr : written->Find("startDateTime");
  return start != nullptr && IsSecret(*start) ? std::string(kSecretShown)
                                              : FieldTime(schedule.start);
}

void CheckSchedules(const CheckedDefinition& checked, Findings& findings) {
  bool some_on_demand = false;
  for (const ResolvedObject& object : checked.resolved.objects()) {
    some_on_demand |=
        IsScheduled(object) && IsOnDemand(checked.resolved, object);
  }
  for (const ResolvedObject& object : checked.resolved.objects()) {
    if (object.family() == ObjectFamily::kSchedule) {
      CheckOrder(object, findings);
      CheckOnDemandPair(object, findings);
      continue;
    }
    if (IsScheduled(object)) {
      CheckComponent(checked, object, some_on_demand, findings);
      CheckBackfill(checked, object, findings);
    }
    if (object.Applies("schedule")) {
      CheckOnDemandAlone(checked, object, findings);
    }
  }
}

}  // namespace holdline
