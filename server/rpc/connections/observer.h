// Hooks for metrics and logging of connections.

#ifndef HOLDLINE_SERVER_RPC_CONNECTIONS_OBSERVER_H_
#define HOLDLINE_SERVER_RPC_CONNECTIONS_OBSERVER_H_

#include <functional>
#include <string>

namespace holdline {

// How many connections there are; those of the in-process channel do not count.
struct ConnectionCounts {
  int silent = 0;     // have sent nothing yet
  int waiting = 0;    // have, and wait to be served
  int newcomers = 0;  // are served, and no call has told yet who calls
  int known = 0;
};

// A connection that was closed so that others can be served.
struct RefusedConnection {
  enum class Reason {
    kTooMany,           // all connections together
    kTooManyOfAddress,  // those of its address
    kSilent,            // it has sent nothing for long
    kUnknown,           // it was a newcomer for long, and others waited
    kVoidCalls,         // too many calls that were cancelled before their
                        // request had arrived, or did not tell who calls
  };

  // The client's, in numbers, without a port; of IPv6, its /64 network.
  std::string address;

  // Each, once.
  static constexpr Reason kReasons[] = {
      Reason::kTooMany, Reason::kTooManyOfAddress, Reason::kSilent,
      Reason::kUnknown, Reason::kVoidCalls};

  Reason reason = Reason::kTooMany;
};

// The word for a reason in logs and metrics, such as `too_many_of_address`.
// Empty if it is no reason.
const char* ToString(RefusedConnection::Reason reason);

// Functions that are called on any thread, if set. They must not block.
struct ConnectionObserver {
  // There are more or fewer connections of a kind than before.
  std::function<void(const ConnectionCounts&)> on_counts = nullptr;
  std::function<void(const RefusedConnection&)> on_refused = nullptr;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CONNECTIONS_OBSERVER_H_
