// Options of a client and of single calls: timeouts, retries, credentials.

#ifndef HOLDLINE_CLIENT_CALL_OPTIONS_H_
#define HOLDLINE_CLIENT_CALL_OPTIONS_H_

#include <optional>

#include "absl/time/time.h"
#include "client/access_key.h"
#include "client/backoff.h"
#include "client/cancellation.h"

namespace holdline::client {

struct ClientOptions {
  // How long one attempt of a call may take, unless the server holds the call.
  absl::Duration call_timeout = absl::Seconds(10);

  // How long the server may hold PollForTask and WaitForTask.
  absl::Duration hold = absl::Seconds(90);

  // What a held call's deadline lies beyond the hold, so that the server
  // answers before the client hangs up.
  absl::Duration hold_margin = absl::Seconds(10);

  // How long a call that ends with UNAVAILABLE is retried, counted from its
  // start; for WaitForTask, from when it would have been answered. Zero: never.
  absl::Duration retry_for = absl::Seconds(30);

  // The waits between attempts.
  BackoffOptions backoff = {};

  // The credentials of each call. Sent in clear text: the channel should be
  // encrypted, or not leave the host.
  AccessKey access_key = {};
};

// Options of one call.
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
