// From where a server's clients came, for the process that serves them next.

#ifndef HOLDLINE_SERVER_RPC_CONNECTIONS_KNOWN_ADDRESSES_FILE_H_
#define HOLDLINE_SERVER_RPC_CONNECTIONS_KNOWN_ADDRESSES_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "server/rpc/connections/known_addresses.h"

namespace holdline {

// Makes the file at `path` hold them, one line `CONNECTIONS ADDRESS` each, for
// this user alone. UNAVAILABLE, which names the file: it cannot be written.
absl::Status WriteKnownAddresses(const std::string& path,
                                 const ConnectionsByAddress& known);

// Returns what the file holds. Nothing depends on it: lines that make no sense
// are passed over, and nothing is known if it cannot be read.
ConnectionsByAddress ReadKnownAddresses(const std::string& path);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CONNECTIONS_KNOWN_ADDRESSES_FILE_H_
