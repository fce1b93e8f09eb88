// The schedule that a component runs by (DATAPIPELINE sections 6.1 to 6.4).

#ifndef HOLDLINE_SERVER_PIPELINE_DEFINITION_COMPONENT_SCHEDULE_H_
#define HOLDLINE_SERVER_PIPELINE_DEFINITION_COMPONENT_SCHEDULE_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "server/pipeline/calendar/schedule.h"
#include "server/pipeline/definition/resolved_definition.h"

namespace holdline {

// Special values of `period` and `startAt` of a Schedule, in any case: on
// demand, and a start with the first activation.
inline constexpr absl::string_view kOnDemandPeriod = "ONDEMAND_PERIOD";
inline constexpr absl::string_view kOnDemandStart = "ONDEMAND_ACTIVATION_TIME";
inline constexpr absl::string_view kFirstActivation =
    "FIRST_ACTIVATION_DATE_TIME";

// Returns the Schedule object that an object refers to, itself or by
// inheritance. Null: it refers to none, or to another type, or schedules do not
// apply to its type.
const ResolvedObject* ScheduleObjectOf(const ResolvedDefinition& definition,
                                       const ResolvedObject& object);

// Whether a Schedule object is on demand.
bool IsOnDemandSchedule(const ResolvedObject& schedule);

// Whether the object runs once with each activation, by its `scheduleType` or
// its Schedule.
bool IsOnDemand(const ResolvedDefinition& definition,
                const ResolvedObject& object);

// Returns the schedule of an activity, a data node or a resource; nothing if it
// has none or an invalid one. If it starts with the first activation, the
// caller sets `start`. Preconditions have none: they follow the object that
// they guard.
std::optional<Schedule> ScheduleOf(const ResolvedDefinition& definition,
                                   const ResolvedObject& object);

// Returns the schedule that a Schedule object defines for objects of a type;
// nothing if it is invalid.
std::optional<Schedule> ReadSchedule(const ResolvedObject& schedule,
                                     ScheduleType type);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_DEFINITION_COMPONENT_SCHEDULE_H_
