#include "server/broker/deadlines.h"

#include <cassert>

namespace holdline {

void Deadlines::Add(const Deadline& deadline) {
  if (deadline.time == absl::InfiniteFuture()) return;
  const bool added = deadlines_.insert(deadline).second;
  assert(added);
  (void)added;
}

bool Deadlines::Remove(const Deadline& deadline) {
  return deadlines_.erase(deadline) > 0;
}

bool Deadlines::Contains(const Deadline& deadline) const {
  return deadlines_.contains(deadline);
}

absl::Time Deadlines::Next() const {
  return deadlines_.empty() ? absl::InfiniteFuture() : deadlines_.begin()->time;
}

Deadline Deadlines::Pop() {
  assert(!deadlines_.empty());
  const Deadline first = *deadlines_.begin();
  deadlines_.erase(deadlines_.begin());
  return first;
}

}  // namespace holdline
