#include "client/command_line/field_argument.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace holdline::client {

absl::StatusOr<v1::Field> ParseField(const std::string& text) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("--field ", text,
                     " is not of the form KEY=VALUE, such as "
                     "--field command=\"echo hello\"."));
  }
  v1::Field field;
  field.set_key(text.substr(0, equals));
  field.set_string_value(text.substr(equals + 1));
  return field;
}

absl::StatusOr<v1::Field> ParseReference(const std::string& text) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || equals + 1 == text.size()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--ref ", text,
        " is not of the form KEY=ID, such as --ref input=MyTable."));
  }
  v1::Field field;
  field.set_key(text.substr(0, equals));
  field.set_ref_value(text.substr(equals + 1));
  return field;
}

absl::Status AddLabels(
    const std::vector<std::string>& texts,
    google::protobuf::Map<std::string, std::string>& labels) {
  for (const std::string& text : texts) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return absl::InvalidArgumentError(absl::StrCat(
          "--label ", text,
          " is not of the form KEY=VALUE, such as --label team=payments."));
    }
    const std::string key = text.substr(0, equals);
    const std::string value = text.substr(equals + 1);
    const auto [place, is_new] = labels.insert({key, value});
    if (!is_new && place->second != value) {
      return absl::InvalidArgumentError(
          absl::StrCat("--label ", key, " is given twice: as ", place->second,
                       " and as ", value, "."));
    }
  }
  return absl::OkStatus();
}

}  // namespace holdline::client
