// How many connections of each address were known lately, so that as many are
// let in when they come back.

#ifndef HOLDLINE_SERVER_RPC_CONNECTIONS_KNOWN_ADDRESSES_H_
#define HOLDLINE_SERVER_RPC_CONNECTIONS_KNOWN_ADDRESSES_H_

#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"

namespace holdline {

// Numbers of connections, each above zero, by the address of their client.
using ConnectionsByAddress = absl::flat_hash_map<std::string, int>;

// Counts those that are known at the same time, not one after the other: who
// connects for each call anew is one. Thread-compatible. Time is an argument.
class KnownAddresses {
 public:
  // How long an address is remembered for what it had.
  static constexpr absl::Duration kMemory = absl::Minutes(10);

  // As many of each address were known just before this object was made.
  void Remember(const ConnectionsByAddress& known, absl::Time now);

  // One more connection of the address is known.
  void Add(const std::string& address, absl::Time now);

  // One that was known has ended.
  void Remove(const std::string& address, absl::Time now);

  // How many more of the address were known lately than are now.
  int Missing(const std::string& address, absl::Time now) const;

  // How many of each address were known lately.
  ConnectionsByAddress Lately(absl::Time now) const;

 private:
  struct Address {
    int now = 0;

    // The most that there were at once, and until when that counts.
    int most = 0;
    absl::Time until = absl::InfinitePast();

    int Lately(absl::Time time) const { return time < until ? most : now; }
    void Note(absl::Time time);
  };

  // Forgets addresses of which nothing counts any more, now and then.
  void Forget(absl::Time now);

  absl::flat_hash_map<std::string, Address> addresses_;
  absl::Time forget_at_ = absl::InfinitePast();
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CONNECTIONS_KNOWN_ADDRESSES_H_
