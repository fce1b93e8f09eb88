// The file that settings can be read from, in TOML:
//
//     # Everything after a number sign is left out.
//     grpc-address = "127.0.0.1:7070"
//     hold-max = "90s"
//     live-tasks-max = 1000000

#ifndef HOLDLINE_SERVER_SETTINGS_SETTINGS_FILE_H_
#define HOLDLINE_SERVER_SETTINGS_SETTINGS_FILE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace holdline {

// A line that sets a value.
struct FileLine {
  int number = 0;  // from 1
  std::string name;
  std::string value;
};

// Returns the lines of a TOML file that set something, in order.
//
// INVALID_ARGUMENT, which names the line: the text is not TOML, sets something
// twice, or has sections or values that are neither text nor whole numbers.
absl::StatusOr<std::vector<FileLine>> ParseSettingsFile(absl::string_view text);

// Returns `value`, which must not hold control characters, as text in TOML.
std::string QuoteValue(absl::string_view value);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_SETTINGS_SETTINGS_FILE_H_
