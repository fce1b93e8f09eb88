#include "client/backoff.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace holdline::client {

Backoff::Backoff(BackoffOptions options, std::function<uint64_t()> random)
    : options_(options), random_(std::move(random)), limit_(options_.first) {}

absl::Duration Backoff::Next() {
  const absl::Duration limit = limit_;
  limit_ = std::min(limit_ * 2, options_.max);
  return limit * std::ldexp(static_cast<double>(random_()), -64);
}

}  // namespace holdline::client
