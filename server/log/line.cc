#include "server/log/line.h"

#include <algorithm>
#include <string>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "boost/json/serialize.hpp"
#include "boost/json/value.hpp"
#include "server/base/overloaded.h"
#include "server/base/utf8.h"

namespace holdline {
namespace {

constexpr absl::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

// Whether a terminal or a line splitter may act on the character instead of
// showing it: controls, line separators and changes of direction.
bool IsHidden(char32_t code) {
  return (code >= 0x7F && code <= 0x9F) || code == 0x061C ||
         (code >= 0x200B && code <= 0x200F) ||
         (code >= 0x2028 && code <= 0x202E) ||
         (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF;
}

// Returns `json` with what is not valid UTF-8 replaced and what is hidden
// escaped. Outside of its strings JSON has neither.
std::string Unhide(absl::string_view json) {
  std::string result;
  result.reserve(json.size());
  while (!json.empty()) {
    const Utf8Character next = FirstCharacter(json);
    const size_t bytes = std::max<size_t>(next.bytes, 1);
    if (next.bytes == 0) {
      absl::StrAppend(&result, kReplacement);
    } else if (IsHidden(next.code)) {
      absl::StrAppendFormat(&result, "\\u%04x", next.code);
    } else {
      absl::StrAppend(&result, json.substr(0, bytes));
    }
    json.remove_prefix(bytes);
  }
  return result;
}

std::string Cut(const std::string& value) {
  if (value.size() <= kLogValueBytesMax) return value;
  return absl::StrCat(WholeCharacters(value, kLogValueBytesMax), "...");
}

bool IsPlain(const std::string& value) {
  return !value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
    return c > ' ' && c <= '~' && c != '"' && c != '=' && c != '\\';
  });
}

boost::json::value ToJson(const LogField& field) {
  return std::visit(
      Overloaded{[](const std::string& value) -> boost::json::value {
                   return boost::json::string(Cut(value));
                 },
                 [](IsOneOf<int64_t, double, bool> auto value)
                     -> boost::json::value { return value; }},
      field.value);
}

std::string ToText(const LogField& field) {
  return std::visit(
      Overloaded{[&](const std::string& value) {
                   return IsPlain(value) && value.size() <= kLogValueBytesMax
                              ? value
                              : Unhide(boost::json::serialize(ToJson(field)));
                 },
                 [](IsOneOf<bool> auto value) -> std::string {
                   return value ? "true" : "false";
                 },
                 [](IsOneOf<int64_t, double> auto value) {
                   return absl::StrCat(value);
                 }},
      field.value);
}

const char* ToString(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "";
}

std::string RenderText(absl::string_view time, const LogEvent& event) {
  std::string line =
      absl::StrFormat("%s %-7s %s", time, ToString(event.level), event.name);
  for (const LogField& field : event.fields) {
    absl::StrAppend(&line, " ", field.name, "=", ToText(field));
  }
  return line;
}

std::string RenderJson(absl::string_view time, const LogEvent& event) {
  boost::json::object line;
  line["time"] = std::string(time);
  line["level"] = ToString(event.level);
  line["event"] = event.name;
  for (const LogField& field : event.fields) line[field.name] = ToJson(field);
  return Unhide(boost::json::serialize(line));
}

}  // namespace

std::string RenderLine(LogFormat format, absl::Time time,
                       const LogEvent& event) {
  const std::string stamp =
      absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", time, absl::UTCTimeZone());
  return format == LogFormat::kJson ? RenderJson(stamp, event)
                                    : RenderText(stamp, event);
}

}  // namespace holdline
