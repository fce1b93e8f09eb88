// Time zones by the names that expressions give them.

#ifndef HOLDLINE_SERVER_PIPELINE_CALENDAR_TIME_ZONES_H_
#define HOLDLINE_SERVER_PIPELINE_CALENDAR_TIME_ZONES_H_

#include <cstddef>
#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace holdline {

// Returns the zone of the system's database that has the name, such as
// `America/Los_Angeles`, or nothing. Zones are kept once they were read, and so
// is that a name has none; after kUnknownZonesMax such names in the life of the
// process only zones that were read already are found, so that inventing names
// cannot fill the memory. Any thread may call it.
std::optional<absl::TimeZone> FindTimeZone(absl::string_view name);

inline constexpr size_t kUnknownZonesMax = 100 * 1000;

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_CALENDAR_TIME_ZONES_H_
