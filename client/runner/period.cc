#include "client/runner/period.h"

#include <cstdint>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace holdline::client {

std::optional<absl::Duration> ParsePeriod(const std::string& text) {
  const std::vector<std::string> words =
      absl::StrSplit(absl::AsciiStrToLower(text), ' ', absl::SkipEmpty());
  int64_t count = 0;
  if (words.size() != 2 || !absl::SimpleAtoi(words[0], &count) || count <= 0) {
    return std::nullopt;
  }
  std::string unit = words[1];
  if (unit.back() == 's') unit.pop_back();
  if (unit == "second") return absl::Seconds(count);
  if (unit == "minute") return absl::Minutes(count);
  if (unit == "hour") return absl::Hours(count);
  if (unit == "day") return absl::Hours(24) * count;
  if (unit == "week") return absl::Hours(24 * 7) * count;
  return std::nullopt;
}

}  // namespace holdline::client
