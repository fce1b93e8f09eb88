#include "client/command_line/verb/time_argument.h"

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace holdline::client {
namespace {

// Reads what absl::ParseDuration does, and days in front of it.
bool ReadDuration(const std::string& text, absl::Duration* duration) {
  const size_t days_end = text.find('d');
  if (days_end == std::string::npos) {
    return absl::ParseDuration(text, duration);
  }
  double days = 0;
  if (!absl::SimpleAtod(text.substr(0, days_end), &days)) return false;
  absl::Duration rest;
  if (days_end + 1 < text.size() &&
      !absl::ParseDuration(text.substr(days_end + 1), &rest)) {
    return false;
  }
  *duration = absl::Hours(24) * days + rest;
  return true;
}

}  // namespace

absl::StatusOr<absl::Duration> ParseDuration(const std::string& option,
                                             const std::string& text) {
  absl::Duration duration;
  if (!ReadDuration(text, &duration) || duration < absl::ZeroDuration() ||
      duration == absl::InfiniteDuration()) {
    return absl::InvalidArgumentError(
        absl::StrCat(option, " ", text,
                     " is not a length of time, such as 90s, 10m, 1h30m or "
                     "2d."));
  }
  return duration;
}

absl::StatusOr<absl::Time> ParseTime(const std::string& option,
                                     const std::string& text, absl::Time now) {
  absl::Duration duration;
  if (!text.empty() && text[0] == '+' &&
      ReadDuration(text.substr(1), &duration) &&
      duration >= absl::ZeroDuration() &&
      duration != absl::InfiniteDuration()) {
    return now + duration;
  }
  absl::Time time;
  std::string error;
  if (absl::ParseTime(absl::RFC3339_full, text, &time, &error) &&
      time != absl::InfiniteFuture() && time != absl::InfinitePast()) {
    return time;
  }
  return absl::InvalidArgumentError(absl::StrCat(
      option, " ", text,
      " is not a point of time: write 2030-01-31T08:00:00Z, or +10m for ten "
      "minutes from now."));
}

absl::StatusOr<absl::Time> ParseUtcTime(const std::string& option,
                                        const std::string& text,
                                        absl::Time now) {
  absl::Time time;
  for (const char* format : {"%Y-%m-%d%ET%H:%M:%S", "%Y-%m-%d"}) {
    if (absl::ParseTime(format, text, absl::UTCTimeZone(), &time, nullptr) &&
        time != absl::InfiniteFuture() && time != absl::InfinitePast()) {
      return time;
    }
  }
  return ParseTime(option, text, now);
}

}  // namespace holdline::client
