#include "server/settings/settings_file.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

#define TOML_EXCEPTIONS 0
#include "toml++/toml.h"

namespace holdline {
namespace {

int LineOf(const toml::source_region& region) {
  return static_cast<int>(region.begin.line);
}

absl::Status Malformed(int number, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("line ", number, ": ", what));
}

absl::StatusOr<std::string> ValueOf(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) {
    return absl::StrCat(number->get());
  }
  return Malformed(LineOf(node.source()),
                   "the value must be a whole number, or text in quotes");
}

}  // namespace

absl::StatusOr<std::vector<FileLine>> ParseSettingsFile(
    absl::string_view text) {
  const toml::parse_result file =
      toml::parse(std::string_view(text.data(), text.size()));
  if (!file) {
    const std::string_view what = file.error().description();
    return Malformed(LineOf(file.error().source()),
                     absl::string_view(what.data(), what.size()));
  }
  std::vector<FileLine> lines;
  for (const auto& [key, node] : file.table()) {
    const int number = LineOf(key.source());
    if (node.is_table()) {
      return Malformed(number, "there are no sections; write NAME = VALUE");
    }
    absl::StatusOr<std::string> value = ValueOf(node);
    if (!value.ok()) return value.status();
    lines.push_back({number, std::string(key.str()), *std::move(value)});
  }
  std::sort(
      lines.begin(), lines.end(),
      [](const FileLine& a, const FileLine& b) { return a.number < b.number; });
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
