// Hooks for metrics and logging of connections.

#ifndef HOLDLINE_SERVER_RPC_CONNECTIONS_OBSERVER_H_
#define HOLDLINE_SERVER_RPC_CONNECTIONS_OBSERVER_H_

#include <functional>
#include <string>

namespace holdline {

// Numbers of connections by state, without those of the in-process channel.
struct ConnectionCounts {
  int silent = 0;           // have sent nothing yet
  int pending = 0;          // have, and wait to be served
  int unauthenticated = 0;  // are served; no call has authenticated yet
  int authenticated = 0;
};

// A connection that was closed so that others can be served.
struct RefusedConnection {
  enum class Reason {
    kTooMany,           // in total
    kTooManyOfAddress,  // of its address
    kSilent,            // no first byte in time
    kUnauthenticated,   // no authenticated call in time, while others waited
    kTooManyCalls,      // unauthenticated calls, or failed ones: cancelled
                        // before their request arrived, or without valid
                        // credentials
  };

  // The client's IP address; of IPv6, its /64 network.
  std::string address;

  // Each, once.
  static constexpr Reason kReasons[] = {
      Reason::kTooMany, Reason::kTooManyOfAddress, Reason::kSilent,
      Reason::kUnauthenticated, Reason::kTooManyCalls};

  Reason reason = Reason::kTooMany;
};

// The name of a reason in logs and metrics, such as `too_many_of_address`.
// Empty if it is none.
const char* ToString(RefusedConnection::Reason reason);

// Callbacks, on any thread, if set. They must not block.
struct ConnectionObserver {
  // The counts have changed.
  std::function<void(const ConnectionCounts&)> on_counts = nullptr;
  std::function<void(const RefusedConnection&)> on_refused = nullptr;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CONNECTIONS_OBSERVER_H_
