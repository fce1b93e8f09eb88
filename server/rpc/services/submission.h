// The conversion of SubmitTasks requests to the broker's command.

#ifndef HOLDLINE_SERVER_RPC_SERVICES_SUBMISSION_H_
#define HOLDLINE_SERVER_RPC_SERVICES_SUBMISSION_H_

#include <cstddef>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "holdline/v1/task_queue.pb.h"
#include "server/broker/command.h"
#include "server/broker/ids.h"

namespace holdline {

// Returns the command for a request whose fields are within their limits. Takes
// the request apart.
//
// INVALID_ARGUMENT, naming the field: there is no task, or one of them is
// incomplete (see MakeTaskContent).
absl::StatusOr<Submit> MakeSubmit(const AccountId& account,
                                  v1::SubmitTasksRequest&& request,
                                  absl::Time now, size_t payload_max);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_SERVICES_SUBMISSION_H_
