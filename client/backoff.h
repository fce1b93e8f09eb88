// Exponential backoff with full jitter.

#ifndef HOLDLINE_CLIENT_BACKOFF_H_
#define HOLDLINE_CLIENT_BACKOFF_H_

#include <cstdint>
#include <functional>

#include "absl/time/time.h"

namespace holdline::client {

struct BackoffOptions {
  // The longest first wait. Above zero.
  absl::Duration first = absl::Milliseconds(200);

  // The longest wait of all. Not below `first`.
  absl::Duration max = absl::Seconds(10);
};

// Each wait is drawn from zero to a limit that doubles, so that clients that
// failed at the same moment do not retry at the same moment. Not thread-safe.
class Backoff {
 public:
  // `random` draws from all 64-bit numbers.
  Backoff(BackoffOptions options, std::function<uint64_t()> random);

  // The next wait.
  absl::Duration Next();

  // Starts over, after a success.
  void Reset() { limit_ = options_.first; }

 private:
  const BackoffOptions options_;
  const std::function<uint64_t()> random_;
  absl::Duration limit_;
};

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_BACKOFF_H_
