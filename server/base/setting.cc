#include "server/base/setting.h"

#include <algorithm>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"

namespace holdline {
namespace {

struct ByteUnit {
  const char* name;
  int64_t bytes;
};

// Largest first.
constexpr ByteUnit kByteUnits[] = {{"TiB", int64_t{1} << 40},
                                   {"GiB", int64_t{1} << 30},
                                   {"MiB", int64_t{1} << 20},
                                   {"KiB", int64_t{1} << 10},
                                   {"B", 1},
                                   {"", 1}};

}  // namespace

absl::Status InvalidValue(absl::string_view text, absl::string_view wrong) {
  return absl::InvalidArgumentError(absl::StrCat("\"", text, "\" ", wrong));
}

absl::Status ValueOutOfRange(absl::string_view text, absl::string_view range) {
  return InvalidValue(text,
                      absl::StrCat("is out of range: it must be from ", range));
}

absl::Status ReadNumber(const std::string& text, int64_t min, int64_t max,
                        int64_t* value) {
  int64_t number = 0;
  const bool digits =
      !text.empty() && std::all_of(text.begin(), text.end(),
                                   [](char c) { return c >= '0' && c <= '9'; });
  if (!digits) return InvalidValue(text, "is not a whole number");
  if (!absl::SimpleAtoi(text, &number) || number < min || number > max) {
    return ValueOutOfRange(text, absl::StrCat(min, " to ", max));
  }
  *value = number;
  return absl::OkStatus();
}

absl::Status ReadBytes(const std::string& text, int64_t min, int64_t max,
                       int64_t* value) {
  for (const ByteUnit& unit : kByteUnits) {
    absl::string_view digits = text;
    if (!absl::ConsumeSuffix(&digits, unit.name)) continue;
    int64_t number = 0;
    if (!ReadNumber(std::string(digits), 0, kLargest<int64_t> / unit.bytes,
                    &number)
             .ok()) {
      return InvalidValue(text,
                          "is not a number of bytes, such as 65536 or 64KiB");
    }
    if (number * unit.bytes < min || number * unit.bytes > max) break;
    *value = number * unit.bytes;
    return absl::OkStatus();
  }
  return ValueOutOfRange(text,
                         absl::StrCat(ShowBytes(min), " to ", ShowBytes(max)));
}

std::string ShowBytes(int64_t bytes) {
  for (const ByteUnit& unit : kByteUnits) {
    if (bytes >= unit.bytes && bytes % unit.bytes == 0) {
      return absl::StrCat(bytes / unit.bytes, unit.bytes > 1 ? unit.name : "");
    }
  }
  return absl::StrCat(bytes);
}

Setting TextSetting(
    std::string name, std::string placeholder, std::string help,
    std::string* value,
    std::function<absl::Status(const std::string& text)> check) {
  return {.name = std::move(name),
          .placeholder = std::move(placeholder),
          .help = std::move(help),
          .range = "",
          .set =
              [value, check = std::move(check)](const std::string& text) {
                absl::Status status = check(text);
                if (status.ok()) *value = text;
                return status;
              },
          .get = [value] { return *value; }};
}

Setting DurationSetting(std::string name, std::string help,
                        absl::Duration* value, absl::Duration min,
                        absl::Duration max) {
  const std::string range = absl::StrCat(absl::FormatDuration(min), " to ",
                                         absl::FormatDuration(max));
  return {.name = std::move(name),
          .placeholder = "DURATION",
          .help = std::move(help),
          .range = range,
          .set =
              [=](const std::string& text) {
                absl::Duration duration;
                if (!absl::ParseDuration(text, &duration)) {
                  return InvalidValue(
                      text, "is not a duration, such as 90s or 1h30m");
                }
                if (duration < min || duration > max) {
                  return ValueOutOfRange(text, range);
                }
                *value = duration;
                return absl::OkStatus();
              },
          .get = [value] { return absl::FormatDuration(*value); }};
}

}  // namespace holdline
