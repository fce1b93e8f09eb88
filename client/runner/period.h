// Periods as task fields write them.

#ifndef HOLDLINE_CLIENT_RUNNER_PERIOD_H_
#define HOLDLINE_CLIENT_RUNNER_PERIOD_H_

#include <optional>
#include <string>

#include "absl/time/time.h"

namespace holdline::client {

// Reads a period such as `15 minutes` or `1 hour`: a whole number above zero
// and a unit from second to week, singular or plural, in any case. Absent if
// the text is none.
std::optional<absl::Duration> ParsePeriod(const std::string& text);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_RUNNER_PERIOD_H_
