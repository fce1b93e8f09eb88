// How many gRPC connections there may be.

#ifndef HOLDLINE_SERVER_RPC_CONNECTIONS_CONNECTION_LIMITS_H_
#define HOLDLINE_SERVER_RPC_CONNECTIONS_CONNECTION_LIMITS_H_

#include "absl/time/time.h"

namespace holdline {

// All are at least 1, or more than 0.
struct ConnectionLimits {
  // The most connections, and the most of one client address; of IPv6, a /64
  // network counts as one. Many runners may share an address. Further ones are
  // closed.
  int all_max = 100000;
  int per_address_max = 20000;

  // The most connections that are served though no call on them has told yet
  // who calls. Further ones wait. Some clients connect long before they call.
  int newcomers_max = 64;

  // The most calls that these may have started together, whether or not they
  // have ended; see Lobby. An honest client may begin many before the first of
  // them is looked at.
  int newcomer_calls_max = 2000;

  // How long such a connection is served while others wait.
  absl::Duration newcomer_time = absl::Seconds(2);

  // How long a connection may take to send its first byte.
  absl::Duration silence_max = absl::Seconds(120);
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CONNECTIONS_CONNECTION_LIMITS_H_
