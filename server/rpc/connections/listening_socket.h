// The socket that a server listens on.

#ifndef HOLDLINE_SERVER_RPC_CONNECTIONS_LISTENING_SOCKET_H_
#define HOLDLINE_SERVER_RPC_CONNECTIONS_LISTENING_SOCKET_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/base/listen_address.h"
#include "server/rpc/connections/file_descriptor.h"

namespace holdline {

struct ListeningSocket {
  FileDescriptor descriptor;  // does not block
  int port = 0;
};

// Listens, for this process alone. Either wildcard, 0.0.0.0 or ::, takes
// connections of IPv4 and IPv6, as far as the host has both. Connections of the
// socket have TCP_NODELAY, and end when sent data is not acknowledged within
// `unacknowledged_max`.
//
// UNAVAILABLE, with the system's error: the address cannot be listened on.
absl::StatusOr<ListeningSocket> OpenListeningSocket(
    const ListenAddress& where, absl::Duration unacknowledged_max);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CONNECTIONS_LISTENING_SOCKET_H_
