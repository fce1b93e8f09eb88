// The client's address of a connection.

#ifndef HOLDLINE_SERVER_RPC_CONNECTIONS_CLIENT_ADDRESS_H_
#define HOLDLINE_SERVER_RPC_CONNECTIONS_CLIENT_ADDRESS_H_

#include <optional>
#include <string>

namespace holdline {

struct ClientAddress {
  // As grpc::ServerContext::peer has it, unique to the connection:
  // `ipv4:192.0.2.1:4711` or `ipv6:%5B2001:db8::1%5D:4711`.
  std::string peer;

  // The unit that limits apply to: an IPv4 address, such as `192.0.2.1`, or an
  // IPv6 network, such as `2001:db8::/64`.
  std::string network;
};

// Returns the address of a connected socket's client; nothing if the socket is
// not connected or not TCP.
std::optional<ClientAddress> ClientAddressOf(int socket);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CONNECTIONS_CLIENT_ADDRESS_H_
