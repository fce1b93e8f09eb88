// The file that carries known client addresses across a restart.

#ifndef HOLDLINE_SERVER_RPC_CONNECTIONS_KNOWN_ADDRESSES_FILE_H_
#define HOLDLINE_SERVER_RPC_CONNECTIONS_KNOWN_ADDRESSES_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "server/rpc/connections/known_addresses.h"

namespace holdline {

// Writes the file at `path`, one line `CONNECTIONS ADDRESS` each, readable by
// this user only. UNAVAILABLE, with the file's name: it cannot be written.
absl::Status WriteKnownAddresses(const std::string& path,
                                 const ConnectionsByAddress& known);

// Reads the file. Nothing depends on it: malformed lines are skipped, and a
// file that cannot be read is empty.
ConnectionsByAddress ReadKnownAddresses(const std::string& path);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CONNECTIONS_KNOWN_ADDRESSES_FILE_H_
