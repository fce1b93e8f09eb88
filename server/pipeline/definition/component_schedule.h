// By which schedule a component runs (DATAPIPELINE sections 6.1 to 6.4).

#ifndef HOLDLINE_SERVER_PIPELINE_DEFINITION_COMPONENT_SCHEDULE_H_
#define HOLDLINE_SERVER_PIPELINE_DEFINITION_COMPONENT_SCHEDULE_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "server/pipeline/calendar/schedule.h"
#include "server/pipeline/definition/resolved_definition.h"

namespace holdline {

// What a Schedule has as its period, and where it starts, if each activation is
// a run of its own; in any case.
inline constexpr absl::string_view kOnDemandPeriod = "ONDEMAND_PERIOD";
inline constexpr absl::string_view kOnDemandStart = "ONDEMAND_ACTIVATION_TIME";
inline constexpr absl::string_view kFirstActivation =
    "FIRST_ACTIVATION_DATE_TIME";

// Returns the Schedule that the object refers to, itself or by inheritance, or
// null: there is none, or it is no Schedule, or its type has no use for it.
const ResolvedObject* ScheduleObjectOf(const ResolvedDefinition& definition,
                                       const ResolvedObject& object);

// Whether a Schedule is one of the on-demand kind.
bool IsOnDemandSchedule(const ResolvedObject& schedule);

// Whether the object runs once with each activation: its `scheduleType` says
// so, or its Schedule is of that kind.
bool IsOnDemand(const ResolvedDefinition& definition,
                const ResolvedObject& object);

// Returns the schedule of an activity, a data node or a resource. Of one that
// starts with the first activation, `start` is left for the caller to bind.
// Nothing if it has none or one that is not valid; preconditions have none:
// they follow their owner.
std::optional<Schedule> ScheduleOf(const ResolvedDefinition& definition,
                                   const ResolvedObject& object);

// Returns the schedule that a Schedule object describes for objects of a type.
// Nothing if it is not valid.
std::optional<Schedule> ReadSchedule(const ResolvedObject& schedule,
                                     ScheduleType type);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_DEFINITION_COMPONENT_SCHEDULE_H_
