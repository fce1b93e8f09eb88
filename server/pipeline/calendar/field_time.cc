#include "server/pipeline/calendar/field_time.h"

#include <cstddef>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"

namespace holdline {
namespace {

constexpr absl::string_view kShape = "dddd-dd-ddTdd:dd:dd";
constexpr absl::string_view kDateShape = kShape.substr(0, 10);

bool HasShape(absl::string_view text, absl::string_view shape) {
  if (text.size() != shape.size()) return false;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool fits =
        shape[i] == 'd' ? absl::ascii_isdigit(text[i]) : text[i] == shape[i];
    if (!fits) return false;
  }
  return true;
}

// The number in `text` at `position`; its digits have been checked.
int Number(absl::string_view text, size_t position, size_t digits) {
  int number = 0;
  for (char digit : text.substr(position, digits)) {
    number = 10 * number + (digit - '0');
  }
  return number;
}

// Seconds of UTC, which turns no clocks: this is asked too often for the rules
// of time zones to be looked at.
constexpr absl::CivilSecond kEpoch(1970, 1, 1);

// Writes a number of `digits` digits.
void Write(int64_t number, size_t digits, char* to) {
  for (size_t i = digits; i-- > 0; number /= 10) {
    to[i] = static_cast<char>('0' + number % 10);
  }
}

}  // namespace

std::string FieldTime(absl::Time time) {
  if (time == absl::InfiniteFuture() || time == absl::InfinitePast()) {
    return absl::FormatTime(time);
  }
  const absl::CivilSecond civil = kEpoch + absl::ToUnixSeconds(time);
  if (civil.year() < 0 || civil.year() > 9999) {
    return absl::FormatTime("%E4Y-%m-%dT%H:%M:%S", time, absl::UTCTimeZone());
  }
  std::string text = "0000-00-00T00:00:00";
  Write(civil.year(), 4, &text[0]);
  Write(civil.month(), 2, &text[5]);
  Write(civil.day(), 2, &text[8]);
  Write(civil.hour(), 2, &text[11]);
  Write(civil.minute(), 2, &text[14]);
  Write(civil.second(), 2, &text[17]);
  return text;
}

std::optional<absl::Time> ParseFieldTime(absl::string_view text) {
  if (!HasShape(text, kShape)) return std::nullopt;
  const absl::CivilSecond civil(Number(text, 0, 4), Number(text, 5, 2),
                                Number(text, 8, 2), Number(text, 11, 2),
                                Number(text, 14, 2), Number(text, 17, 2));
  const absl::Time time = absl::FromUnixSeconds(civil - kEpoch);
  // What the calendar does not have, such as 30 February, was made another day.
  if (civil.year() < 1 || FieldTime(time) != text) return std::nullopt;
  return time;
}

std::optional<absl::Time> ParseFieldTimeOrDate(absl::string_view text) {
  if (!HasShape(text, kDateShape)) return ParseFieldTime(text);
  return ParseFieldTime(absl::StrCat(text, "T00:00:00"));
}

}  // namespace holdline
