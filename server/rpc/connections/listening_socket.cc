#include "server/rpc/connections/listening_socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/status/status.h"

namespace holdline {
namespace {

// An address as the system has it.
struct SystemAddress {
  sockaddr_storage storage = {};
  socklen_t size = 0;

  sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

SystemAddress Ipv6Address(const in6_addr& host, int port) {
  SystemAddress address;
  auto* const ipv6 = reinterpret_cast<sockaddr_in6*>(&address.storage);
  ipv6->sin6_family = AF_INET6;
  ipv6->sin6_addr = host;
  ipv6->sin6_port = htons(static_cast<uint16_t>(port));
  address.size = sizeof(*ipv6);
  return address;
}

SystemAddress Ipv4Address(const in_addr& host, int port) {
  SystemAddress address;
  auto* const ipv4 = reinterpret_cast<sockaddr_in*>(&address.storage);
  ipv4->sin_family = AF_INET;
  ipv4->sin_addr = host;
  ipv4->sin_port = htons(static_cast<uint16_t>(port));
  address.size = sizeof(*ipv4);
  return address;
}

absl::Status SystemError() {
  return absl::UnavailableError(std::strerror(errno));
}

bool Set(int socket, int level, int option, int value) {
  return setsockopt(socket, level, option, &value, sizeof(value)) == 0;
}

int PortOf(int socket) {
  SystemAddress address;
  address.size = sizeof(address.storage);
  getsockname(socket, address.get(), &address.size);
  // The port lies at the same place in both.
  return ntohs(reinterpret_cast<const sockaddr_in&>(address.storage).sin_port);
}

absl::StatusOr<ListeningSocket> Open(SystemAddress address,
                                     absl::Duration unacknowledged_max) {
  const int family = address.storage.ss_family;
  FileDescriptor descriptor(
      socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int number = descriptor.get();
  const int milliseconds = static_cast<int>(std::clamp<int64_t>(
      absl::ToInt64Milliseconds(unacknowledged_max), 1, INT32_MAX));
  if (!descriptor.valid() || !Set(number, SOL_SOCKET, SO_REUSEADDR, 1) ||
      !Set(number, IPPROTO_TCP, TCP_NODELAY, 1) ||
      !Set(number, IPPROTO_TCP, TCP_USER_TIMEOUT, milliseconds) ||
      (family == AF_INET6 && !Set(number, IPPROTO_IPV6, IPV6_V6ONLY, 0)) ||
      bind(number, address.get(), address.size) != 0 ||
      listen(number, SOMAXCONN) != 0) {
    return SystemError();
  }
  return ListeningSocket{std::move(descriptor), PortOf(number)};
}

}  // namespace

absl::StatusOr<ListeningSocket> OpenListeningSocket(
    const ListenAddress& where, absl::Duration unacknowledged_max) {
  in_addr ipv4 = {};
  in6_addr ipv6 = {};
  const bool is_ipv4 = inet_pton(AF_INET, where.host.c_str(), &ipv4) == 1;
  const bool is_ipv6 = inet_pton(AF_INET6, where.host.c_str(), &ipv6) == 1;
  const bool wildcard = is_ipv4 ? ipv4.s_addr == htonl(INADDR_ANY)
                                : IN6_IS_ADDR_UNSPECIFIED(&ipv6);
  if (is_ipv6 || wildcard) {
    auto socket = Open(Ipv6Address(ipv6, where.port), unacknowledged_max);
    if (socket.ok() || !wildcard) return socket;
    // Perhaps the machine has no IPv6.
  }
  return Open(Ipv4Address(ipv4, where.port), unacknowledged_max);
}

}  // namespace holdline
