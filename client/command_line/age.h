// Lengths and points of time as people say them.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_AGE_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_AGE_H_

#include <string>

#include "absl/time/time.h"

namespace holdline::client {

// `0 s`, `3.2 s`, `95 s`, `12 min`, `5 h`, `3 days`: rounded down. REQUIRES:
// not negative.
std::string LengthText(absl::Duration length);

// `12 min ago`, `in 5 h`, `now`.
std::string AgeText(absl::Time time, absl::Time now);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_AGE_H_
