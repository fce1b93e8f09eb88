#include "client/command_line/pipelines/parameter_values.h"

#include <optional>
#include <set>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "client/command_line/verb/field_argument.h"

namespace holdline::client {

absl::StatusOr<ParameterValues> ParseParameterValues(
    const std::vector<std::string>& texts) {
  ParameterValues values;
  for (const std::string& text : texts) {
    const std::optional<KeyAndValue> typed = ParseKeyAndValue(text);
    if (!typed.has_value()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "--value ", text,
          " is not of the form ID=VALUE, such as --value myDay=Monday."));
    }
    v1::ParameterValue& value = *values.Add();
    value.set_id(typed->key);
    value.set_string_value(typed->value);
  }
  return values;
}

ParameterValues Replaced(const ParameterValues& values,
                         const ParameterValues& others) {
  std::set<std::string> ids;
  for (const v1::ParameterValue& value : others) ids.insert(value.id());
  ParameterValues all;
  for (const v1::ParameterValue& value : values) {
    if (ids.count(value.id()) == 0) *all.Add() = value;
  }
  all.MergeFrom(others);
  return all;
}

}  // namespace holdline::client
