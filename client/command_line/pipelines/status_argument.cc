#include "client/command_line/pipelines/status_argument.h"

#include <algorithm>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/command_line/verb/nearest.h"

namespace holdline::client {
namespace {

// DATAPIPELINE section 2.1, of components and runs.
const std::vector<std::string>& Statuses() {
  static const auto& statuses = *new std::vector<std::string>{
      "CANCELED",       "CANCELLED",
      "CASCADE_FAILED", "CREATING",
      "FAILED",         "FINISHED",
      "INACTIVE",       "PAUSED",
      "PENDING",        "RUNNING",
      "SCHEDULED",      "SHUTTING_DOWN",
      "SKIPPED",        "TIMEDOUT",
      "WAITING",        "WAITING_FOR_RUNNER",
      "ACTIVATING",     "WAITING_ON_DEPENDENCIES",
  };
  return statuses;
}

absl::Status Unknown(const std::string& typed) {
  const std::optional<std::string> nearest = Nearest(typed, Statuses());
  return absl::InvalidArgumentError(absl::StrCat(
      "There is no status ", typed, ".",
      nearest.has_value()
          ? absl::StrCat(" Did you mean ", *nearest, "?")
          : absl::StrCat(" There are ", absl::StrJoin(Statuses(), ", "), ".")));
}

}  // namespace

absl::StatusOr<std::vector<std::string>> ParseStatuses(
    const std::vector<std::string>& texts) {
  std::vector<std::string> statuses;
  for (const std::string& text : texts) {
    for (const std::string& one :
         std::vector<std::string>(absl::StrSplit(text, ','))) {
      const std::string status = absl::AsciiStrToUpper(one);
      const auto& known = Statuses();
      if (std::find(known.begin(), known.end(), status) == known.end()) {
        return Unknown(status);
      }
      statuses.push_back(status);
    }
  }
  return statuses;
}

}  // namespace holdline::client
