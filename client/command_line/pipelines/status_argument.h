// Statuses as they are typed.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_STATUS_ARGUMENT_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_STATUS_ARGUMENT_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace holdline::client {

// The texts of --status, each with one status or several joined by commas, in
// capitals or not, as the server has them. `WAITING` stands for both statuses
// that begin so, and `CANCELLED` for `CANCELED`, as for the AWS CLI.
// INVALID_ARGUMENT, with what may be meant: there is no such status.
absl::StatusOr<std::vector<std::string>> ParseStatuses(
    const std::vector<std::string>& texts);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_STATUS_ARGUMENT_H_
