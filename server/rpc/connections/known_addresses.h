// Counts of authenticated connections by client address, kept a while after
// they end, so that as many are let in when they reconnect.

#ifndef HOLDLINE_SERVER_RPC_CONNECTIONS_KNOWN_ADDRESSES_H_
#define HOLDLINE_SERVER_RPC_CONNECTIONS_KNOWN_ADDRESSES_H_

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"

namespace holdline {

// Numbers of connections, each above zero, by the address of their client.
using ConnectionsByAddress = absl::flat_hash_map<std::string, int>;

// The peak of concurrent connections counts: a client that reconnects for each
// call is one. Thread-compatible. Time is an argument.
class KnownAddresses {
 public:
  // How long a peak is remembered.
  static constexpr absl::Duration kMemory = absl::Minutes(10);

  // Takes over what Recent returned before a restart.
  void Restore(const ConnectionsByAddress& recent, absl::Time now);

  // One more connection of the address has authenticated.
  void Add(const std::string& address, absl::Time now);

  // An authenticated one has ended.
  void Remove(const std::string& address, absl::Time now);

  // The recent peak of the address minus its present number.
  int Missing(const std::string& address, absl::Time now) const;

  // The recent peak of each address.
  ConnectionsByAddress Recent(absl::Time now) const;

 private:
  struct Address {
    int now = 0;

    // The recent peak, and the time until which it counts.
    int peak = 0;
    absl::Time until = absl::InfinitePast();

    int Recent(absl::Time time) const { return time < until ? peak : now; }
    void Note(absl::Time time);
  };

  // Drops addresses without a count, now and then.
  void Forget(absl::Time now);

  absl::flat_hash_map<std::string, Address> addresses_;
  absl::Time forget_at_ = absl::InfinitePast();
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CONNECTIONS_KNOWN_ADDRESSES_H_
