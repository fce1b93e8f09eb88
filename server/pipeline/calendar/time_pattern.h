// The patterns of `format`, which are those of Joda-Time's DateTimeFormat
// (DATAPIPELINE section 8.5).
//
// A run of one letter stands for a part of the time, and its length says how it
// is written: for a number, with at least so many digits. Other characters
// stand for themselves, as does what is in single quotes; two single quotes are
// one.
//
//   G    era: AD                         a    AM, PM
//   C    century of the era: 20          K h  hour of the half day: 0-11, 1-12
//   Y y  year; YY its last two digits    H k  hour of the day: 0-23, 1-24
//   x    year of the ISO week, likewise  m s  minute, second
//   w    ISO week, 1-53                  S    fraction of a second, cut off
//   e    day of the week, Monday is 1    z    zone's short name: UTC, PDT
//   E    Tue; EEEE Tuesday               Z    offset: -0700; ZZ -07:00;
//   D    day of the year                      ZZZ zone: America/Los_Angeles
//   M    month; MMM May, MMMM in full
//   d    day of the month
//
// Names are English. A zone's long name (zzzz) is its short one here.

#ifndef HOLDLINE_SERVER_PIPELINE_CALENDAR_TIME_PATTERN_H_
#define HOLDLINE_SERVER_PIPELINE_CALENDAR_TIME_PATTERN_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace holdline {

// Returns `time`, which must be of the years 1 to 9999, in `zone` as `pattern`
// has it. The work and the result's length are bounded by a multiple of the
// pattern's length. INVALID_ARGUMENT: the pattern is empty or has a letter that
// means nothing.
absl::StatusOr<std::string> FormatByPattern(absl::string_view pattern,
                                            absl::Time time,
                                            absl::TimeZone zone);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_CALENDAR_TIME_PATTERN_H_
