#include "server/settings_file.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace holdline {
namespace {

bool IsNameCharacter(char c) { return absl::ascii_isalnum(c) || c == '-'; }

bool IsWordCharacter(char c) {
  return absl::ascii_isalnum(c) || absl::StrContains("-+._:/", c);
}

// Takes the characters that `belongs` accepts from the front of `rest`.
std::string TakeWhile(bool (*belongs)(char), absl::string_view* rest) {
  const size_t size =
      std::find_if_not(rest->begin(), rest->end(), belongs) - rest->begin();
  const std::string taken(rest->substr(0, size));
  rest->remove_prefix(size);
  return taken;
}

// Takes a value in quotes from the front of `rest`, if its end is there.
std::optional<std::string> TakeQuoted(absl::string_view* rest) {
  std::string value;
  for (size_t i = 1; i < rest->size(); ++i) {
    char c = (*rest)[i];
    if (c == '"') {
      rest->remove_prefix(i + 1);
      return value;
    }
    if (c == '\\') {
      if (++i == rest->size()) break;
      c = (*rest)[i];
      if (c != '"' && c != '\\') break;
    }
    value += c;
  }
  return std::nullopt;
}

absl::Status Malformed(int number, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("line ", number, ": ", what));
}

void SkipBlanks(absl::string_view* rest) {
  *rest = absl::StripLeadingAsciiWhitespace(*rest);
}

absl::StatusOr<FileLine> ParseLine(int number, absl::string_view rest) {
  if (rest[0] == '[') {
    return Malformed(number, "there are no sections; write NAME = VALUE");
  }
  FileLine line;
  line.number = number;
  line.name = TakeWhile(IsNameCharacter, &rest);
  SkipBlanks(&rest);
  if (line.name.empty() || !absl::ConsumePrefix(&rest, "=")) {
    return Malformed(number, "it must be NAME = VALUE");
  }
  SkipBlanks(&rest);
  if (absl::StartsWith(rest, "\"")) {
    std::optional<std::string> value = TakeQuoted(&rest);
    if (!value.has_value()) {
      return Malformed(number,
                       "the value has no closing quote, or a backslash before "
                       "another character than \" and \\");
    }
    line.value = *std::move(value);
  } else {
    line.value = TakeWhile(IsWordCharacter, &rest);
    if (line.value.empty()) {
      return Malformed(number, "the value is missing, or needs quotes");
    }
  }
  SkipBlanks(&rest);
  if (!rest.empty() && rest[0] != '#') {
    return Malformed(number,
                     "something follows the value; does it need "
                     "quotes?");
  }
  return line;
}

}  // namespace

absl::StatusOr<std::vector<FileLine>> ParseSettingsFile(
    absl::string_view text) {
  std::vector<FileLine> lines;
  int number = 0;
  for (absl::string_view rest : absl::StrSplit(text, '\n')) {
    ++number;
    rest = absl::StripAsciiWhitespace(rest);
    if (rest.empty() || rest[0] == '#') continue;
    absl::StatusOr<FileLine> line = ParseLine(number, rest);
    if (!line.ok()) return line.status();
    lines.push_back(*std::move(line));
  }
  return lines;
}

std::string QuoteValue(absl::string_view value) {
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

}  // namespace holdline
