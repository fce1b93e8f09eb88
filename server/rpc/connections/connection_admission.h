// Which connections are served, which wait for that, and which must go, so that
// a flood of them holds up itself rather than those who were there before.

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

// A connection is first silent, until it has sent something. Then it waits for
// its turn, and is served as a newcomer. It stays one until a call on it has
// told who calls, and is known from then on.
//
// There are few newcomers at a time, whatever arrives: so much work that nobody
// answers for can be under way, and no more. Addresses take turns, and of one
// address who has spoken first is served first. A newcomer may take its time
// while nobody waits; if somebody does, it must go when its time is over. But
// of an address as many may linger as were known lately and are not now: when
// they come back all at once, as after a restart, none has to go. The calls
// that newcomers start, those that linger too, are counted, but for a few in a
// second: if they are too many together, the one that has started most must go,
// and nobody is served until the calls of those that have gone are forgotten.
//
// Thread-compatible. Time is an argument.
class Lobby {
 public:
  // What a connection is called here; unique while it is here.
  using Id = int;

  // A connection that must go, and why.
  struct Refusal {
    Id id;
    RefusedConnection connection;
  };

  // How many void calls a connection may have at once.
  static constexpr double kVoidCallsMax = 1000;

  // How many void calls, or calls of a newcomer, do not count in the long run.
  // A client that is set up wrongly has a few in a second.
  static constexpr double kFreeCallsPerSecond = 100;

  // How many calls of newcomers that have gone are forgotten in a second.
  static constexpr double kForgottenCallsPerSecond = 1000;

  explicit Lobby(const ConnectionLimits& limits) : limits_(limits) {}

  // A connection has come from an address. Returns which one must go: none;
  // this one, if there are too many of its address; or if there are too many at
  // all, the latest that is not served yet of the address that has most such.
  std::optional<Refusal> Enter(Id id, const std::string& address,
                               absl::Time now);

  // As many of each address were known just before this object was made.
  void Expect(const ConnectionsByAddress& known, absl::Time now) {
    known_.Remember(known, now);
  }

  // How many of each address were known lately.
  ConnectionsByAddress Known(absl::Time now) const {
    return known_.Lately(now);
  }

  // A silent one has sent something.
  void Speak(Id id);

  // Returns the one that is to be served now, as a newcomer, if there is one.
  std::optional<Id> Serve(absl::Time now);

  // Of a connection, so many calls have been started since it is here. Returns
  // whether it is a newcomer and these are more than before.
  bool CallsStarted(Id id, int64_t calls, absl::Time now);

  // Lets one linger whose time is over, if there is one that may. Returns
  // whether it did, so that somebody else can be served.
  bool LetLinger(absl::Time now);

  // Returns one that must go because its time is over, or because newcomers
  // have started too many calls, if there is one.
  std::optional<Refusal> Overdue(absl::Time now) const;

  // When LetLinger, Overdue or Serve may have another answer though nothing
  // happens; or infinite future.
  absl::Time NextDeadline(absl::Time now) const;

  // A newcomer is known now. Returns whether it was a newcomer before.
  bool Recognize(Id id, absl::Time now);

  // Whether the connection is here and known, or a newcomer.
  bool IsKnown(Id id) const;
  bool IsNewcomer(Id id) const;

  // A call over the connection has come to nothing, as RefusedConnection says.
  // Returns the connection if it must go because there are too many such.
  std::optional<Refusal> Suspect(Id id, absl::Time now);

  // A connection has ended, or was made to. Returns whether it is gone: what a
  // newcomer has caused may still be under way, and then it goes on to count as
  // one until Forget.
  bool End(Id id, absl::Time now);

  // Nothing of the connection is left. Nothing happens if it is not here.
  void Forget(Id id, absl::Time now);

  ConnectionCounts counts() const;

 private:
  enum class Phase { kSilent, kWaiting, kNew, kEnded, kKnown };

  struct Connection {
    std::string address;
    Phase phase;
    absl::Time since;  // kSilent, kNew: when it became that
    bool lingers = false;

    int64_t calls_started = 0;
    CallLevel calls{kFreeCallsPerSecond};
    CallLevel void_calls{kFreeCallsPerSecond};
  };

  struct Address {
    int connections = 0;
    int lingering = 0;
    std::deque<Id> unserved;  // as they came
    std::deque<Id> waiting;   // as they spoke
  };

  using Since = absl::btree_set<std::pair<absl::Time, Id>>;

  // Whether there are as many newcomers as there may be.
  bool Full() const;

  // Whether some wait for newcomers to go, beyond those that are going.
  bool Crowded() const;

  // The newcomer whose time is over, while others wait, if there is one.
  std::optional<Id> Overstaying(absl::Time now) const;

  // A newcomer is none any more, or has gone.
  void StopBeingNew(Id id, Connection* connection);

  // How many calls newcomers have started.
  double Calls(absl::Time now) const;

  // When these and those of newcomers that have gone are few enough to serve
  // more; infinite future if that does not come by waiting.
  absl::Time CalmAt(absl::Time now) const;

  // The newcomer that has started most calls.
  Id Loudest(absl::Time now) const;

  Refusal Refuse(Id id, RefusedConnection::Reason reason) const;
  Id LatestOfTheMost() const;
  void StopWaiting(Id id, const std::string& name);

  const ConnectionLimits limits_;
  absl::flat_hash_map<Id, Connection> connections_;
  absl::flat_hash_map<std::string, Address> addresses_;

  // Addresses of which some wait, each once, in the order of their turns.
  std::deque<std::string> turns_;
  int waiting_ = 0;

  // By when they became that. Newcomers that linger are counted apart, until
  // they are known or nothing is left of them.
  Since silent_;
  Since newcomers_;
  int lingering_ = 0;
  int ended_ = 0;

  // Newcomers of both kinds that have started calls.
  absl::btree_set<Id> callers_;

  KnownAddresses known_;

  // Those that newcomers had started which have gone.
  CallLevel calls_of_gone_{kForgottenCallsPerSecond};
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CONNECTIONS_CONNECTION_ADMISSION_H_
