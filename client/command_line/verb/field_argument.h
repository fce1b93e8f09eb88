// Task fields as they are typed.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_VERB_FIELD_ARGUMENT_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_VERB_FIELD_ARGUMENT_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/map.h"
#include "holdline/v1/data_pipeline.pb.h"

namespace holdline::client {

// What was typed as `key=value`.
struct KeyAndValue {
  std::string key;
  std::string value;
};

// All after the first `=` is the value, which may be empty. Nothing if there is
// no `=`, or nothing before it.
std::optional<KeyAndValue> ParseKeyAndValue(const std::string& text);

// `key=value`: all after the first `=` is the string value, which may be empty.
// INVALID_ARGUMENT: there is no `=`, or nothing before it.
absl::StatusOr<v1::Field> ParseField(const std::string& text);

// `key=Id`: likewise, but a reference to the object `Id`, which must not be
// empty.
absl::StatusOr<v1::Field> ParseReference(const std::string& text);

// Adds labels typed as `key=value`: all after the first `=` is the value, which
// may be empty. INVALID_ARGUMENT, with some added: there is no `=`, nothing
// before it, or a key that was given before with another value.
absl::Status AddLabels(const std::vector<std::string>& texts,
                       google::protobuf::Map<std::string, std::string>& labels);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_VERB_FIELD_ARGUMENT_H_
