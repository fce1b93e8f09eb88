// The patterns of `format`, which are those of Joda-Time's DateTimeFormat
// (DATAPIPELINE section 8.5).
//
// A sequence of one letter stands for a part of the time; its length is the
// least number of digits of a number. Other characters, and text in single
// quotes, stand for themselves; two single quotes are one.
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

// Returns `time` in `zone`, written by `pattern`. REQUIRES: a year from 1 to
// 9999. The work and the length of the result are bounded by a multiple of the
// length of the pattern. INVALID_ARGUMENT: the pattern is empty or has an
// unknown letter.
absl::StatusOr<std::string> FormatByPattern(absl::string_view pattern,
                                            absl::Time time,
                                            absl::TimeZone zone);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_CALENDAR_TIME_PATTERN_H_
