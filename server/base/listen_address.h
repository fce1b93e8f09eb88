// The address and port that a server listens on.

#ifndef HOLDLINE_SERVER_BASE_LISTEN_ADDRESS_H_
#define HOLDLINE_SERVER_BASE_LISTEN_ADDRESS_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace holdline {

struct ListenAddress {
  // An IPv4 or IPv6 address in numbers, without brackets.
  std::string host;

  // 0 to 65535; 0 asks for any free port.
  int port = 0;
};

// Reads `HOST:PORT`, such as `127.0.0.1:7070`, `localhost:0` (which is
// 127.0.0.1) or `[::1]:7070`.
//
// INVALID_ARGUMENT, which names `text`: it has another form.
absl::StatusOr<ListenAddress> ParseListenAddress(absl::string_view text);

// Whether only this host can reach the address. A server that listens beyond
// loopback must authenticate callers.
bool IsLoopback(const ListenAddress& address);

// Whether `authority`, which is `HOST` or `HOST:PORT` as in a `Host` header of
// HTTP, means this machine to everybody: localhost, 127.0.0.0/8 or `[::1]`. No
// other name does, whatever DNS says: whoever owns a name decides that.
bool NamesLoopback(absl::string_view authority);

// Returns `HOST:PORT`, with the brackets that an IPv6 address needs.
std::string ToString(const ListenAddress& address);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BASE_LISTEN_ADDRESS_H_
