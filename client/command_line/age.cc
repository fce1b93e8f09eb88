#include "client/command_line/age.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace holdline::client {

std::string LengthText(absl::Duration length) {
  const int64_t tenths = length / absl::Milliseconds(100);
  const int64_t seconds = tenths / 10;
  if (tenths == 0) return "0 s";
  if (seconds < 10) return absl::StrFormat("%d.%d s", seconds, tenths % 10);
  if (seconds < 120) return absl::StrCat(seconds, " s");
  if (seconds < 120 * 60) return absl::StrCat(seconds / 60, " min");
  if (seconds < 48 * 3600) return absl::StrCat(seconds / 3600, " h");
  return absl::StrCat(seconds / 86400, " days");
}

std::string AgeText(absl::Time time, absl::Time now) {
  if (time > now) return absl::StrCat("in ", LengthText(time - now));
  const absl::Duration age = now - time;
  if (age < absl::Milliseconds(100)) return "now";
  return absl::StrCat(LengthText(age), " ago");
}

}  // namespace holdline::client
