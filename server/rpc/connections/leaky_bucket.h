// A leaky bucket that meters calls.

#ifndef HOLDLINE_SERVER_RPC_CONNECTIONS_LEAKY_BUCKET_H_
#define HOLDLINE_SERVER_RPC_CONNECTIONS_LEAKY_BUCKET_H_

#include <algorithm>

#include "absl/time/time.h"

namespace holdline {

// Drains at a rate per second, down to zero. Thread-compatible. Time is an
// argument.
class LeakyBucket {
 public:
  explicit LeakyBucket(double rate) : rate_(rate) {}

  void Add(double calls, absl::Time now) {
    level_ = At(now) + calls;
    since_ = now;
  }

  // The level.
  double At(absl::Time now) const {
    const double drained = rate_ * absl::ToDoubleSeconds(now - since_);
    return std::max(0.0, level_ - drained);
  }

  // When the level is, or was, at most `calls`.
  absl::Time DrainsTo(double calls) const {
    return since_ + absl::Seconds(std::max(0.0, level_ - calls) / rate_);
  }

 private:
  const double rate_;
  double level_ = 0;
  absl::Time since_ = absl::InfinitePast();
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CONNECTIONS_LEAKY_BUCKET_H_
