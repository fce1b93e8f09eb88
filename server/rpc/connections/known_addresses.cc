#include "server/rpc/connections/known_addresses.h"

#include <algorithm>

namespace holdline {

void KnownAddresses::Address::Note(absl::Time time) {
  if (now < Recent(time)) return;
  peak = now;
  until = time + kMemory;
}

void KnownAddresses::Restore(const ConnectionsByAddress& recent,
                             absl::Time now) {
  for (const auto& [name, count] : recent) {
    Address& address = addresses_[name];
    address.peak = std::max(count, address.Recent(now));
    address.until = now + kMemory;
  }
}

void KnownAddresses::Add(const std::string& name, absl::Time now) {
  Address& address = addresses_[name];
  ++address.now;
  address.Note(now);
}

void KnownAddresses::Remove(const std::string& name, absl::Time now) {
  Forget(now);
  Address& address = addresses_[name];
  // It was there until now, and counts from now on.
  address.Note(now);
  --address.now;
}

int KnownAddresses::Missing(const std::string& name, absl::Time now) const {
  const auto found = addresses_.find(name);
  if (found == addresses_.end()) return 0;
  return found->second.Recent(now) - found->second.now;
}

ConnectionsByAddress KnownAddresses::Recent(absl::Time now) const {
  ConnectionsByAddress recent;
  for (const auto& [name, address] : addresses_) {
    if (address.Recent(now) > 0) recent[name] = address.Recent(now);
  }
  return recent;
}

void KnownAddresses::Forget(absl::Time now) {
  if (now < forget_at_) return;
  forget_at_ = now + kMemory;
  absl::erase_if(addresses_, [now](const auto& entry) {
    return entry.second.Recent(now) == 0;
  });
}

}  // namespace holdline
