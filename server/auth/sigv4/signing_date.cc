#include "server/auth/sigv4/signing_date.h"

#include <cstddef>

#include "absl/strings/ascii.h"
#include "absl/time/civil_time.h"

namespace holdline {
namespace {

constexpr char kBasic[] = "%Y%m%dT%H%M%SZ";
constexpr char kBasicSample[] = "20121112T174952Z";

constexpr const char* kOldForms[] = {
    "%a, %d %b %Y %H:%M:%S GMT",  // RFC 1123
    "%A, %d-%b-%y %H:%M:%S GMT",  // RFC 850
    "%a %b %e %H:%M:%S %Y",       // asctime
};

// Whether the text has digits and letters where the sample has them.
bool LooksBasic(absl::string_view text) {
  const absl::string_view sample = kBasicSample;
  if (text.size() != sample.size()) return false;
  for (size_t i = 0; i < sample.size(); ++i) {
    const bool fits = absl::ascii_isdigit(sample[i])
                          ? absl::ascii_isdigit(text[i])
                          : text[i] == sample[i];
    if (!fits) return false;
  }
  return true;
}

int NumberAt(absl::string_view text, size_t at, size_t digits) {
  int number = 0;
  for (const char digit : text.substr(at, digits)) {
    number = 10 * number + (digit - '0');
  }
  return number;
}

// REQUIRES: LooksBasic(text).
std::optional<absl::Time> ParseBasic(absl::string_view text) {
  const int month = NumberAt(text, 4, 2);
  const int day = NumberAt(text, 6, 2);
  const int hour = NumberAt(text, 9, 2);
  const int minute = NumberAt(text, 11, 2);
  const int second = NumberAt(text, 13, 2);
  const absl::CivilSecond civil(NumberAt(text, 0, 4), month, day, hour, minute,
                                second);
  // The 32nd of a month would be the first of the next. No year is written
  // with leading zeros.
  if (civil.year() < 1000 || civil.month() != month || civil.day() != day ||
      civil.hour() != hour || civil.minute() != minute ||
      civil.second() != second) {
    return std::nullopt;
  }
  return absl::FromCivil(civil, absl::UTCTimeZone());
}

}  // namespace

std::optional<SigningDate> ParseSigningDate(absl::string_view text) {
  if (LooksBasic(text)) {
    const std::optional<absl::Time> time = ParseBasic(text);
    if (!time.has_value()) return std::nullopt;
    return SigningDate{*time, std::string(text)};
  }
  SigningDate date;
  std::string error;
  for (const char* form : kOldForms) {
    if (!absl::ParseTime(form, text, &date.time, &error)) continue;
    date.signed_form = FormatSigningDate(date.time);
    // Abseil would also take years of other lengths, and eternity in words.
    if (LooksBasic(date.signed_form)) return date;
  }
  return std::nullopt;
}

std::string FormatSigningDate(absl::Time date) {
  return absl::FormatTime(kBasic, date, absl::UTCTimeZone());
}

}  // namespace holdline
