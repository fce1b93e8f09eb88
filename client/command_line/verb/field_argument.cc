#include "client/command_line/verb/field_argument.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace holdline::client {

std::optional<KeyAndValue> ParseKeyAndValue(const std::string& text) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) return std::nullopt;
  return KeyAndValue{text.substr(0, equals), text.substr(equals + 1)};
}

absl::StatusOr<v1::Field> ParseField(const std::string& text) {
  std::optional<KeyAndValue> typed = ParseKeyAndValue(text);
  if (!typed.has_value()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--field ", text,
                     " is not of the form KEY=VALUE, such as "
                     "--field command=\"echo hello\"."));
  }
  v1::Field field;
  field.set_key(std::move(typed->key));
  field.set_string_value(std::move(typed->value));
  return field;
}

absl::StatusOr<v1::Field> ParseReference(const std::string& text) {
  std::optional<KeyAndValue> typed = ParseKeyAndValue(text);
  if (!typed.has_value() || typed->value.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--ref ", text,
        " is not of the form KEY=ID, such as --ref input=MyTable."));
  }
  v1::Field field;
  field.set_key(std::move(typed->key));
  field.set_ref_value(std::move(typed->value));
  return field;
}

absl::Status AddLabels(
    const std::vector<std::string>& texts,
    google::protobuf::Map<std::string, std::string>& labels) {
  for (const std::string& text : texts) {
    const std::optional<KeyAndValue> typed = ParseKeyAndValue(text);
    if (!typed.has_value()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "--label ", text,
          " is not of the form KEY=VALUE, such as --label team=payments."));
    }
    const auto [place, is_new] = labels.insert({typed->key, typed->value});
    if (!is_new && place->second != typed->value) {
      return absl::InvalidArgumentError(
          absl::StrCat("--label ", typed->key, " is given twice: as ",
                       place->second, " and as ", typed->value, "."));
    }
  }
  return absl::OkStatus();
}

}  // namespace holdline::client
