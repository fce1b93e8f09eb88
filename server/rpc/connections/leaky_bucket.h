// A number of calls that sinks with time.

#ifndef HOLDLINE_SERVER_RPC_CONNECTIONS_LEAKY_BUCKET_H_
#define HOLDLINE_SERVER_RPC_CONNECTIONS_LEAKY_BUCKET_H_

#include <algorithm>

#include "absl/time/time.h"

namespace holdline {

// Sinks at a rate for each second, and not below zero. Thread-compatible.
class CallLevel {
 public:
  explicit CallLevel(double rate) : rate_(rate) {}

  void Add(double calls, absl::Time now) {
    level_ = At(now) + calls;
    since_ = now;
  }

  double At(absl::Time now) const {
    const double sunk = rate_ * absl::ToDoubleSeconds(now - since_);
    return std::max(0.0, level_ - sunk);
  }

  // When it is, or was, no more than `calls`.
  absl::Time SinksTo(double calls) const {
    return since_ + absl::Seconds(std::max(0.0, level_ - calls) / rate_);
  }

 private:
  const double rate_;
  double level_ = 0;
  absl::Time since_ = absl::InfinitePast();
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CONNECTIONS_LEAKY_BUCKET_H_
