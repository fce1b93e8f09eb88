#include "server/rpc/connections/client_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>

#include "absl/strings/str_cat.h"

namespace holdline {
namespace {

constexpr size_t kNetworkBytes = 8;  // of the 16 of an IPv6 address

template <typename Address>
std::string Digits(int family, const Address& address) {
  char text[INET6_ADDRSTRLEN] = "";
  inet_ntop(family, &address, text, sizeof(text));
  return text;
}

ClientAddress OfIpv4(const in_addr& address, in_port_t port) {
  const std::string host = Digits(AF_INET, address);
  return {absl::StrCat("ipv4:", host, ":", ntohs(port)), host};
}

ClientAddress OfIpv6(const sockaddr_in6& client) {
  const uint8_t* const bytes = client.sin6_addr.s6_addr;
  if (IN6_IS_ADDR_V4MAPPED(&client.sin6_addr)) {
    in_addr address;
    std::memcpy(&address, bytes + 12, sizeof(address));
    return OfIpv4(address, client.sin6_port);
  }
  // The text is part of a URI, so a few characters are escaped.
  const std::string scope = client.sin6_scope_id == 0
                                ? ""
                                : absl::StrCat("%25", client.sin6_scope_id);
  in6_addr network = {};
  std::memcpy(&network, bytes, kNetworkBytes);
  return {absl::StrCat("ipv6:%5B", Digits(AF_INET6, client.sin6_addr), scope,
                       "%5D:", ntohs(client.sin6_port)),
          absl::StrCat(Digits(AF_INET6, network), "/", kNetworkBytes * 8)};
}

}  // namespace

std::optional<ClientAddress> ClientAddressOf(int socket) {
  sockaddr_storage client = {};
  socklen_t size = sizeof(client);
  if (getpeername(socket, reinterpret_cast<sockaddr*>(&client), &size) != 0) {
    return std::nullopt;
  }
  if (client.ss_family == AF_INET) {
    const auto& ipv4 = reinterpret_cast<const sockaddr_in&>(client);
    return OfIpv4(ipv4.sin_addr, ipv4.sin_port);
  }
  if (client.ss_family != AF_INET6) return std::nullopt;
  return OfIpv6(reinterpret_cast<const sockaddr_in6&>(client));
}

}  // namespace holdline
