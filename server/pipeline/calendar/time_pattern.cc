#include "server/pipeline/calendar/time_pattern.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"

namespace holdline {
namespace {

constexpr absl::string_view kMonths[] = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
constexpr absl::string_view kWeekdays[] = {"Monday",   "Tuesday", "Wednesday",
                                           "Thursday", "Friday",  "Saturday",
                                           "Sunday"};
constexpr size_t kShortName = 3;  // letters of a name that is cut short

// The parts of one time, and the text that is made of them.
class Formatter {
 public:
  Formatter(absl::Time time, absl::TimeZone zone)
      : zone_(zone),
        at_(zone.At(time)),
        weekday_(static_cast<int>(absl::GetWeekday(at_.cs)) + 1) {}

  absl::Status Append(absl::string_view pattern);
  std::string Take() { return std::move(text_); }

 private:
  // `count` of `letter`. Whether it means anything.
  bool AppendPart(char letter, size_t count);
  bool AppendDatePart(char letter, size_t count);
  bool AppendClockPart(char letter, size_t count);
  bool AppendZonePart(char letter, size_t count);

  void AppendNumber(int64_t number, size_t digits_min);
  void AppendYear(int64_t year, size_t count);
  void AppendName(absl::string_view name, bool in_full);
  void AppendFraction(size_t digits);
  // From the opening quote at `position`; returns the position after it all.
  size_t AppendQuoted(absl::string_view pattern, size_t position);

  // The Thursday of the week, which decides the year that the week belongs to.
  absl::CivilDay Thursday() const {
    return absl::CivilDay(at_.cs) + (4 - weekday_);
  }

  absl::TimeZone zone_;
  absl::TimeZone::CivilInfo at_;
  int weekday_;  // Monday is 1
  std::string text_;
};

absl::Status Formatter::Append(absl::string_view pattern) {
  size_t position = 0;
  while (position < pattern.size()) {
    const char letter = pattern[position];
    if (letter == '\'') {
      position = AppendQuoted(pattern, position);
    } else if (absl::ascii_isalpha(letter)) {
      const size_t end =
          std::min(pattern.find_first_not_of(letter, position), pattern.size());
      if (!AppendPart(letter, end - position)) {
        return absl::InvalidArgumentError(absl::StrCat(
            "`", absl::string_view(&letter, 1),
            "` means nothing in a pattern of `format`; text goes in quotes"));
      }
      position = end;
    } else {
      text_ += letter;
      ++position;
    }
  }
  return absl::OkStatus();
}

size_t Formatter::AppendQuoted(absl::string_view pattern, size_t position) {
  ++position;
  if (position < pattern.size() && pattern[position] == '\'') {
    text_ += '\'';
    return position + 1;
  }
  while (position < pattern.size()) {
    if (pattern[position] == '\'') {
      const bool doubled =
          position + 1 < pattern.size() && pattern[position + 1] == '\'';
      if (!doubled) return position + 1;
      ++position;
    }
    text_ += pattern[position++];
  }
  return position;
}

bool Formatter::AppendPart(char letter, size_t count) {
  return AppendDatePart(letter, count) || AppendClockPart(letter, count) ||
         AppendZonePart(letter, count);
}

bool Formatter::AppendDatePart(char letter, size_t count) {
  const absl::CivilSecond& civil = at_.cs;
  switch (letter) {
    case 'G':
      AppendName("AD", true);
      return true;
    case 'C':
      AppendNumber(civil.year() / 100, count);
      return true;
    case 'Y':
    case 'y':
      AppendYear(civil.year(), count);
      return true;
    case 'x':
      AppendYear(Thursday().year(), count);
      return true;
    case 'w':
      AppendNumber((absl::GetYearDay(Thursday()) + 6) / 7, count);
      return true;
    case 'e':
      AppendNumber(weekday_, count);
      return true;
    case 'E':
      AppendName(kWeekdays[weekday_ - 1], count > kShortName);
      return true;
    case 'D':
      AppendNumber(absl::GetYearDay(absl::CivilDay(civil)), count);
      return true;
    case 'M':
      if (count < kShortName) {
        AppendNumber(civil.month(), count);
      } else {
        AppendName(kMonths[civil.month() - 1], count > kShortName);
      }
      return true;
    case 'd':
      AppendNumber(civil.day(), count);
      return true;
    default:
      return false;
  }
}

bool Formatter::AppendClockPart(char letter, size_t count) {
  const int hour = at_.cs.hour();
  switch (letter) {
    case 'a':
      AppendName(hour < 12 ? "AM" : "PM", true);
      return true;
    case 'K':
      AppendNumber(hour % 12, count);
      return true;
    case 'h':
      AppendNumber(hour % 12 == 0 ? 12 : hour % 12, count);
      return true;
    case 'H':
      AppendNumber(hour, count);
      return true;
    case 'k':
      AppendNumber(hour == 0 ? 24 : hour, count);
      return true;
    case 'm':
      AppendNumber(at_.cs.minute(), count);
      return true;
    case 's':
      AppendNumber(at_.cs.second(), count);
      return true;
    case 'S':
      AppendFraction(count);
      return true;
    default:
      return false;
  }
}

bool Formatter::AppendZonePart(char letter, size_t count) {
  if (letter == 'z') {
    AppendName(at_.zone_abbr, true);
    return true;
  }
  if (letter != 'Z') return false;
  if (count > 2) {
    AppendName(zone_.name(), true);
    return true;
  }
  const int minutes = at_.offset / 60;
  const int size = minutes < 0 ? -minutes : minutes;
  text_ += minutes < 0 ? '-' : '+';
  AppendNumber(size / 60, 2);
  if (count == 2) text_ += ':';
  AppendNumber(size % 60, 2);
  return true;
}

void Formatter::AppendNumber(int64_t number, size_t digits_min) {
  const std::string digits = absl::StrCat(number);
  if (digits.size() < digits_min) {
    text_.append(digits_min - digits.size(), '0');
  }
  text_ += digits;
}

void Formatter::AppendYear(int64_t year, size_t count) {
  AppendNumber(count == 2 ? year % 100 : year, count);
}

void Formatter::AppendName(absl::string_view name, bool in_full) {
  if (!in_full) name = name.substr(0, kShortName);
  text_.append(name.data(), name.size());
}

void Formatter::AppendFraction(size_t digits) {
  std::string nanoseconds = absl::StrCat(
      absl::Dec(absl::ToInt64Nanoseconds(at_.subsecond), absl::kZeroPad9));
  nanoseconds.resize(digits, '0');
  text_ += nanoseconds;
}

}  // namespace

absl::StatusOr<std::string> FormatByPattern(absl::string_view pattern,
                                            absl::Time time,
                                            absl::TimeZone zone) {
  if (pattern.empty()) {
    return absl::InvalidArgumentError("the pattern of `format` is empty");
  }
  Formatter formatter(time, zone);
  const absl::Status status = formatter.Append(pattern);
  if (!status.ok()) return status;
  return formatter.Take();
}

}  // namespace holdline
