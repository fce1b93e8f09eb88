#include "server/base/listen_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace holdline {
namespace {

constexpr int kPortMax = 65535;
constexpr char kDigits[] = "0123456789";

enum class Reach { kNoAddress, kLoopback, kBeyond };

Reach ReachOf(const std::string& host) {
  in_addr v4;
  if (inet_pton(AF_INET, host.c_str(), &v4) == 1) {
    const bool loopback = ntohl(v4.s_addr) >> 24 == IN_LOOPBACKNET;
    return loopback ? Reach::kLoopback : Reach::kBeyond;
  }
  in6_addr v6;
  if (inet_pton(AF_INET6, host.c_str(), &v6) == 1) {
    return IN6_IS_ADDR_LOOPBACK(&v6) ? Reach::kLoopback : Reach::kBeyond;
  }
  return Reach::kNoAddress;
}

absl::Status Malformed(absl::string_view text) {
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", text, "\" is not an address to listen on: it must be HOST:PORT, ",
      "such as 127.0.0.1:7070, with a port from 0 (any free one) to ", kPortMax,
      " and an IP address or localhost as the host"));
}

}  // namespace

absl::StatusOr<ListenAddress> ParseListenAddress(absl::string_view text) {
  const size_t colon = text.rfind(':');
  if (colon == absl::string_view::npos) return Malformed(text);
  absl::string_view host = text.substr(0, colon);
  const absl::string_view digits = text.substr(colon + 1);
  const bool bracketed = absl::ConsumePrefix(&host, "[");
  if (bracketed != absl::ConsumeSuffix(&host, "]")) return Malformed(text);
  if (bracketed != absl::StrContains(host, ':')) return Malformed(text);

  ListenAddress address;
  address.host = host == "localhost" ? "127.0.0.1" : std::string(host);
  const bool plain =
      digits.find_first_not_of(kDigits) == absl::string_view::npos;
  if (!plain || !absl::SimpleAtoi(digits, &address.port) ||
      address.port > kPortMax) {
    return Malformed(text);
  }
  if (ReachOf(address.host) == Reach::kNoAddress) return Malformed(text);
  return address;
}

bool IsLoopback(const ListenAddress& address) {
  return ReachOf(address.host) == Reach::kLoopback;
}

bool NamesLoopback(absl::string_view authority) {
  const size_t colon = authority.rfind(':');
  const bool has_port = colon != absl::string_view::npos &&
                        authority.find_first_not_of(kDigits, colon + 1) ==
                            absl::string_view::npos;
  absl::string_view host = has_port ? authority.substr(0, colon) : authority;
  if (absl::EqualsIgnoreCase(host, "localhost")) return true;
  const bool bracketed = absl::ConsumePrefix(&host, "[");
  if (bracketed != absl::ConsumeSuffix(&host, "]")) return false;
  if (bracketed != absl::StrContains(host, ':')) return false;
  return ReachOf(std::string(host)) == Reach::kLoopback;
}

std::string ToString(const ListenAddress& address) {
  const bool v6 = absl::StrContains(address.host, ':');
  return absl::StrCat(v6 ? "[" : "", address.host, v6 ? "]:" : ":",
                      address.port);
}

}  // namespace holdline
