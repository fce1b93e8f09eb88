// Limits of gRPC connections.

#ifndef HOLDLINE_SERVER_RPC_CONNECTIONS_CONNECTION_LIMITS_H_
#define HOLDLINE_SERVER_RPC_CONNECTIONS_CONNECTION_LIMITS_H_

#include "absl/time/time.h"

namespace holdline {

// All are at least 1, or more than 0.
struct ConnectionLimits {
  // The most connections, in total and of one client address (of IPv6, a /64
  // network). Many runners may share an address. Further ones are closed.
  int all_max = 100000;
  int per_address_max = 20000;

  // The most connections that are served before a call on them has
  // authenticated. Further ones wait. Some clients connect long before they
  // call.
  int unauthenticated_max = 64;

  // The most calls that these may have started together, whether or not they
  // have ended; see ConnectionAdmission. An honest client may start many before
  // the first of them is read.
  int unauthenticated_calls_max = 2000;

  // How long such a connection is served while others wait.
  absl::Duration authentication_timeout = absl::Seconds(2);

  // How long a connection may take to send its first byte.
  absl::Duration first_byte_timeout = absl::Seconds(120);
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CONNECTIONS_CONNECTION_LIMITS_H_
