// Times in the notation of fields: `2012-12-12T00:00:00`, UTC, whole seconds,
// no zone (DATAPIPELINE section 1.5).

#ifndef HOLDLINE_SERVER_PIPELINE_CALENDAR_FIELD_TIME_H_
#define HOLDLINE_SERVER_PIPELINE_CALENDAR_FIELD_TIME_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace holdline {

// Returns the notation of a time. Fractions of a second are cut off. For the
// years 1 to 9999 the texts sort as the times do.
std::string FieldTime(absl::Time time);

// Returns the time that `text` denotes, or nothing unless it is exactly
// `YYYY-MM-DDTHH:MM:SS` and exists in the calendar.
std::optional<absl::Time> ParseFieldTime(absl::string_view text);

// The same, but `YYYY-MM-DD` is accepted, too: the beginning of that day.
std::optional<absl::Time> ParseFieldTimeOrDate(absl::string_view text);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_CALENDAR_FIELD_TIME_H_
