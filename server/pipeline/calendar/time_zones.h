// Time zones by name, for expressions.

#ifndef HOLDLINE_SERVER_PIPELINE_CALENDAR_TIME_ZONES_H_
#define HOLDLINE_SERVER_PIPELINE_CALENDAR_TIME_ZONES_H_

#include <cstddef>
#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace holdline {

// Returns the zone of this name in the system's database, such as
// `America/Los_Angeles`, or nothing. Zones and unknown names are cached for the
// life of the process. After kUnknownZonesMax unknown names only cached zones
// are found, so that made-up names cannot exhaust the memory. Any thread may
// call it.
std::optional<absl::TimeZone> FindTimeZone(absl::string_view name);

inline constexpr size_t kUnknownZonesMax = 100 * 1000;

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_CALENDAR_TIME_ZONES_H_
