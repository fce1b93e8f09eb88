// Where a connection comes from.

#ifndef HOLDLINE_SERVER_RPC_CONNECTIONS_CLIENT_ADDRESS_H_
#define HOLDLINE_SERVER_RPC_CONNECTIONS_CLIENT_ADDRESS_H_

#include <optional>
#include <string>

namespace holdline {

struct ClientAddress {
  // In the words of grpc::ServerContext::peer, which tells clients apart:
  // `ipv4:192.0.2.1:4711` or `ipv6:%5B2001:db8::1%5D:4711`.
  std::string peer;

  // What one client is likely to have: an IPv4 address, such as `192.0.2.1`, or
  // a network of IPv6, such as `2001:db8::/64`.
  std::string network;
};

// Returns where the client of a connected socket is; nothing if it has gone, or
// the socket is not one of TCP.
std::optional<ClientAddress> ClientAddressOf(int socket);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CONNECTIONS_CLIENT_ADDRESS_H_
