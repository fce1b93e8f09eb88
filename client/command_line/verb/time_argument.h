// Durations and times as they are typed.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_VERB_TIME_ARGUMENT_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_VERB_TIME_ARGUMENT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace holdline::client {

// `90s`, `10m`, `1h30m`, `2d`, `500ms`: zero or more, finite.
// INVALID_ARGUMENT, naming `option`: anything else.
absl::StatusOr<absl::Duration> ParseDuration(const std::string& option,
                                             const std::string& text);

// A point of time in RFC 3339, such as `2030-01-31T08:00:00Z`, or a length from
// `now` on, such as `+10m`. INVALID_ARGUMENT, naming `option`: anything else.
absl::StatusOr<absl::Time> ParseTime(const std::string& option,
                                     const std::string& text, absl::Time now);

// Likewise, and as the times of pipelines are written, which are UTC:
// `2030-01-31T08:00:00`, or a day alone, `2030-01-31`, for its midnight.
absl::StatusOr<absl::Time> ParseUtcTime(const std::string& option,
                                        const std::string& text,
                                        absl::Time now);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_VERB_TIME_ARGUMENT_H_
