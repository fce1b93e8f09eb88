// How the calls of a client are made.

#ifndef HOLDLINE_CLIENT_CALL_OPTIONS_H_
#define HOLDLINE_CLIENT_CALL_OPTIONS_H_

#include <optional>

#include "absl/time/time.h"
#include "client/access_key.h"
#include "client/backoff.h"
#include "client/cancellation.h"

namespace holdline::client {

struct ClientOptions {
  // How long one try of a call may take, unless the server holds the call.
  absl::Duration call_timeout = absl::Seconds(10);

  // How long the server may hold PollForTask and WaitForTask.
  absl::Duration hold = absl::Seconds(90);

  // What a held call's deadline lies beyond the hold, so that the server
  // answers before the client hangs up.
  absl::Duration hold_margin = absl::Seconds(10);

  // How long a call that ends with UNAVAILABLE is tried again, counted from its
  // start; of WaitForTask, from when it would have been answered. Zero: never.
  absl::Duration retry_for = absl::Seconds(30);

  // The waits between tries.
  BackoffOptions backoff = {};

  // What each call says who makes it with. Sent as it is: the channel should be
  // encrypted, or not leave the machine.
  AccessKey access_key = {};
};

// What may be different for one call.
struct CallOptions {
  // Ends the call with CANCELLED. Must outlive the call. Default: nothing does.
  Cancellation* cancellation = nullptr;

  // Instead of ClientOptions::retry_for.
  std::optional<absl::Duration> retry_for = std::nullopt;

  // Instead of the timeout, or the hold and its margin, of ClientOptions.
  std::optional<absl::Duration> timeout = std::nullopt;
};

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_CALL_OPTIONS_H_
