// A watch of the worker groups that goes on over restarts of the server.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_FOLLOW_GROUPS_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_FOLLOW_GROUPS_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/cancellation.h"
#include "client/holdline_client.h"
#include "holdline/v1/operator.pb.h"

namespace holdline::client {

// The request for a watch with such an interval between messages, as --interval
// has it. INVALID_ARGUMENT: it is no length of time, or not within 100 ms to 1
// min.
absl::StatusOr<v1::WatchGroupsRequest> WatchRequest(
    const std::string& interval);

// What is told of a watch, on the thread that follows it.
struct GroupsListener {
  // A message has come. False ends the watch.
  std::function<bool(const v1::WatchGroupsResponse&)> on_message;

  // A watch that had received messages has ended with UNAVAILABLE, and is
  // retried until it succeeds.
  std::function<void(const absl::Status&)> on_lost;
};

// Watches until `stop` is cancelled or the listener wants no more: then OK.
// Otherwise the error with which the watch was refused, or UNAVAILABLE if no
// server answered at the beginning.
absl::Status FollowGroups(Client& client, const v1::WatchGroupsRequest& request,
                          Cancellation& stop, const GroupsListener& listener);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_FOLLOW_GROUPS_H_
