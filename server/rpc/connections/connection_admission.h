// Admission of unauthenticated connections: how many are served at a time, in
// which order, and which are closed, so that a flood of them delays itself and
// not the clients that have authenticated.

#ifndef HOLDLINE_SERVER_RPC_CONNECTIONS_CONNECTION_ADMISSION_H_
#define HOLDLINE_SERVER_RPC_CONNECTIONS_CONNECTION_ADMISSION_H_

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "server/rpc/connections/connection_limits.h"
#include "server/rpc/connections/known_addresses.h"
#include "server/rpc/connections/leaky_bucket.h"
#include "server/rpc/connections/observer.h"

namespace holdline {

// A connection is silent until its first byte, then pending until it is served,
// then unauthenticated until a call on it has authenticated, and authenticated
// from then on.
//
// At most `unauthenticated_max` connections are served unauthenticated, which
// bounds the work that nobody is accountable for. Client addresses take turns
// (round robin), and of one address the first to send is served first. While
// none is pending, an unauthenticated connection may stay; once others are
// pending, it is closed after `authentication_timeout`. But each address has a
// number of extensions: its recent peak of authenticated connections minus the
// present number. So when all its clients reconnect, as after a restart, none
// is closed. An extended connection does not count against
// `unauthenticated_max`.
//
// The calls started on unauthenticated connections, the extended ones included,
// are metered by leaky buckets. If there are too many in total, the connection
// with most of them is closed, and no other is served until the calls of the
// closed ones have drained.
//
// Thread-compatible. Time is an argument.
class ConnectionAdmission {
 public:
  // Names a connection, uniquely among those that are here.
  using Id = int;

  // A connection to be closed, and the reason.
  struct Refusal {
    Id id;
    RefusedConnection connection;
  };

  // The most failed calls in a connection's bucket; see CountFailedCall.
  static constexpr double kFailedCallsMax = 1000;

  // Calls that drain from a connection's buckets in a second, so that a
  // misconfigured client is left alone.
  static constexpr double kFreeCallsPerSecond = 100;

  // Calls of closed connections that drain in a second.
  static constexpr double kDrainedCallsPerSecond = 1000;

  explicit ConnectionAdmission(const ConnectionLimits& limits)
      : limits_(limits) {}

  // Adds an accepted connection, silent. Returns the one to be closed, if any:
  // this one, if its address has too many; or, if there are too many in total,
  // the latest unserved one of the address with most unserved.
  std::optional<Refusal> Add(Id id, const std::string& address, absl::Time now);

  // Restores what RecentAddresses returned before a restart.
  void RestoreAddresses(const ConnectionsByAddress& recent, absl::Time now) {
    known_.Restore(recent, now);
  }

  // The recent peak of authenticated connections of each address.
  ConnectionsByAddress RecentAddresses(absl::Time now) const {
    return known_.Recent(now);
  }

  // A silent connection has sent its first byte: it is pending.
  void ReceivedData(Id id);

  // Returns the connection to be served next, if any: it is unauthenticated.
  std::optional<Id> AdmitNext(absl::Time now);

  // Meters the calls of a connection that has started so many in total. Returns
  // whether it is unauthenticated and some of them are new.
  bool CountCalls(Id id, int64_t started, absl::Time now);

  // Extends one connection that has timed out, if its address has an extension
  // left. Returns whether it did; then another can be admitted.
  bool ExtendOne(absl::Time now);

  // Returns a connection to be closed because it has timed out, or because too
  // many calls were started, if there is one.
  std::optional<Refusal> NextToClose(absl::Time now) const;

  // When AdmitNext, ExtendOne or NextToClose may change their answer by time
  // alone; or infinite future.
  absl::Time NextDeadline(absl::Time now) const;

  // A call has authenticated. Returns whether its connection was
  // unauthenticated.
  bool MarkAuthenticated(Id id, absl::Time now);

  // Whether the connection is here and served, and has or has not
  // authenticated.
  bool IsAuthenticated(Id id) const;
  bool IsUnauthenticated(Id id) const;

  // Meters calls that were cancelled before their request arrived, or did not
  // authenticate. Returns the connection, to be closed, if there are too many.
  std::optional<Refusal> CountFailedCall(Id id, absl::Time now);

  // A connection was closed. Returns whether it is gone; an unauthenticated one
  // counts until Forget, because gRPC may still work on its calls.
  bool End(Id id, absl::Time now);

  // Removes a connection. No-op if it is not here.
  void Forget(Id id, absl::Time now);

  ConnectionCounts counts() const;

 private:
  enum class Phase { kSilent, kPending, kServed, kEnded, kAuthenticated };

  struct Connection {
    std::string address;
    Phase phase;
    absl::Time since;  // of kSilent and kServed
    bool extended = false;

    int64_t calls_started = 0;
    LeakyBucket calls{kFreeCallsPerSecond};
    LeakyBucket failed_calls{kFreeCallsPerSecond};
  };

  struct Address {
    int connections = 0;
    int extended = 0;
    std::deque<Id> unserved;  // silent or pending, oldest first
    std::deque<Id> pending;   // by when they sent their first byte
  };

  using Since = absl::btree_set<std::pair<absl::Time, Id>>;

  // Whether there are `unauthenticated_max` already.
  bool Full() const;

  // Whether more are pending than find room when ended ones are forgotten.
  bool MustMakeRoom() const;

  // The oldest connection that has timed out while others are pending.
  std::optional<Id> TimedOut(absl::Time now) const;

  // It has authenticated, or ended.
  void LeaveUnauthenticated(Id id, Connection* connection);

  // The calls metered on unauthenticated connections, and who has most of them.
  double Calls(absl::Time now) const;
  Id WithMostCalls(absl::Time now) const;

  // When enough calls of closed connections have drained to admit more;
  // infinite future if that takes more than time.
  absl::Time AdmitsAgainAt(absl::Time now) const;

  Refusal Refuse(Id id, RefusedConnection::Reason reason) const;
  Id LatestOfBusiestAddress() const;
  void RemovePending(Id id, const std::string& address);

  const ConnectionLimits limits_;
  absl::flat_hash_map<Id, Connection> connections_;
  absl::flat_hash_map<std::string, Address> addresses_;

  // Addresses with pending connections, each once, in the order of their turns.
  std::deque<std::string> round_robin_;
  int pending_ = 0;

  // By when they became that. Extended connections are not in
  // `unauthenticated_`, but counted until they authenticate or are forgotten.
  Since silent_;
  Since unauthenticated_;
  int extended_ = 0;
  int ended_ = 0;

  // Unauthenticated connections, also extended, that have started calls.
  absl::btree_set<Id> callers_;

  KnownAddresses known_;

  // The calls of unauthenticated connections that were closed.
  LeakyBucket calls_of_closed_{kDrainedCallsPerSecond};
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CONNECTIONS_CONNECTION_ADMISSION_H_
