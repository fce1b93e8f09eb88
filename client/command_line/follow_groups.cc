#include "client/command_line/follow_groups.h"

#include "absl/time/time.h"
#include "client/backoff.h"
#include "client/command_line/verb/time_argument.h"
#include "client/elapsed_time.h"
#include "client/time_and_chance.h"

namespace holdline::client {
namespace {

// A person waits: long enough for a server that is just starting again.
constexpr absl::Duration kFirstAnswer = absl::Seconds(5);

// How soon a watch is begun again; sooner if the connection is there again.
constexpr BackoffOptions kBackoff = {.max = absl::Seconds(5)};

}  // namespace

absl::StatusOr<v1::WatchGroupsRequest> WatchRequest(
    const std::string& interval) {
  const absl::StatusOr<absl::Duration> length =
      ParseDuration("--interval", interval);
  if (!length.ok()) return length.status();
  if (*length < absl::Milliseconds(100) || *length > absl::Minutes(1)) {
    return absl::InvalidArgumentError(
        "--interval must be at least 100ms and at most 1m.");
  }
  v1::WatchGroupsRequest request;
  request.set_interval_milliseconds(
      static_cast<int32_t>(absl::ToInt64Milliseconds(*length)));
  return request;
}

absl::Status FollowGroups(Client& client, const v1::WatchGroupsRequest& request,
                          Cancellation& stop, const GroupsListener& listener) {
  const absl::Time give_up = ElapsedNow() + kFirstAnswer;
  Backoff backoff(kBackoff, RealTimeAndChance().random);
  bool answered = false;
  bool lost = false;
  while (true) {
    bool enough = false;
    const absl::Status status =
        client.WatchGroups(request,
                           [&](const v1::WatchGroupsResponse& message) {
                             backoff.Reset();
                             answered = true;
                             lost = false;
                             enough = !listener.on_message(message);
                             return !enough;
                           },
                           {.cancellation = &stop});
    if (enough || stop.cancelled()) return absl::OkStatus();
    const bool again = answered || ElapsedNow() < give_up;
    if (!absl::IsUnavailable(status) || !again) return status;
    if (answered && !lost) listener.on_lost(status);
    lost = true;
    client.Pause(backoff.Next(), &stop);
    if (stop.cancelled()) return absl::OkStatus();
  }
}

}  // namespace holdline::client
