#include "server/pipeline/definition/component_schedule.h"

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "server/pipeline/calendar/field_time.h"
#include "server/pipeline/calendar/period.h"

namespace holdline {
namespace {

bool Is(const ResolvedObject& object, absl::string_view key,
        absl::string_view value) {
  return absl::EqualsIgnoreCase(object.Text(key), value);
}

// Sets where the schedule starts. Returns whether it could.
bool SetStart(const ResolvedObject& object, Schedule& schedule) {
  if (Is(object, "startAt", kFirstActivation)) {
    schedule.starts_at_first_activation = true;
    return object.Find("startDateTime") == nullptr;
  }
  const std::optional<absl::Time> start =
      ParseFieldTime(object.Text("startDateTime"));
  schedule.start = start.value_or(absl::UnixEpoch());
  return start.has_value() && object.Find("startAt") == nullptr;
}

// Sets where it ends, if it does. Returns whether it could.
bool SetEnd(const ResolvedObject& object, Schedule& schedule) {
  if (object.Find("endDateTime") != nullptr) {
    schedule.end = ParseFieldTime(object.Text("endDateTime"));
    if (!schedule.end.has_value()) return false;
    if (!schedule.starts_at_first_activation &&
        *schedule.end <= schedule.start) {
      return false;
    }
  }
  if (object.Find("occurrences") != nullptr) {
    int64_t occurrences = 0;
    if (!absl::SimpleAtoi(object.Text("occurrences"), &occurrences) ||
        occurrences < 1) {
      return false;
    }
    schedule.occurrences = occurrences;
  }
  return !schedule.end.has_value() || !schedule.occurrences.has_value();
}

}  // namespace

const ResolvedObject* ScheduleObjectOf(const ResolvedDefinition& definition,
                                       const ResolvedObject& object) {
  const std::vector<std::string> ids = object.References("schedule");
  const ResolvedObject* schedule =
      ids.empty() ? nullptr : definition.Find(ids[0]);
  return schedule != nullptr && schedule->family() == ObjectFamily::kSchedule
             ? schedule
             : nullptr;
}

bool IsOnDemandSchedule(const ResolvedObject& schedule) {
  return Is(schedule, "period", kOnDemandPeriod) ||
         Is(schedule, "startAt", kOnDemandStart);
}

bool IsOnDemand(const ResolvedDefinition& definition,
                const ResolvedObject& object) {
  if (!object.Applies("scheduleType")) return false;
  if (ParseScheduleType(object.Text("scheduleType")) ==
      ScheduleType::kOnDemand) {
    return true;
  }
  const ResolvedObject* schedule = ScheduleObjectOf(definition, object);
  return schedule != nullptr && IsOnDemandSchedule(*schedule);
}

std::optional<Schedule> ScheduleOf(const ResolvedDefinition& definition,
                                   const ResolvedObject& object) {
  if (!object.Applies("scheduleType")) return std::nullopt;
  if (IsOnDemand(definition, object)) {
    Schedule schedule;
    schedule.type = ScheduleType::kOnDemand;
    return schedule;
  }
  std::optional<ScheduleType> type = kDefaultScheduleType;
  if (object.Find("scheduleType") != nullptr) {
    type = ParseScheduleType(object.Text("scheduleType"));
  }
  const ResolvedObject* schedule = ScheduleObjectOf(definition, object);
  if (schedule == nullptr || !type.has_value()) return std::nullopt;
  return ReadSchedule(*schedule, *type);
}

std::optional<Schedule> ReadSchedule(const ResolvedObject& object,
                                     ScheduleType type) {
  Schedule schedule;
  schedule.type = type;
  const std::optional<Period> period = ParsePeriod(object.Text("period"));
  if (!period.has_value()) return std::nullopt;
  schedule.period = *period;
  if (!SetStart(object, schedule) || !SetEnd(object, schedule)) {
    return std::nullopt;
  }
  return schedule;
}

}  // namespace holdline
