// Keeps a flood of similar log lines to a trickle, and counts the rest.

#ifndef HOLDLINE_SERVER_LOG_THROTTLE_H_
#define HOLDLINE_SERVER_LOG_THROTTLE_H_

#include <cstdint>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace holdline {

// Thread-safe.
class Throttle {
 public:
  // Lets `per_second` lines of each kind through in a second; at least 1.
  explicit Throttle(int per_second) : per_second_(per_second) {}

  Throttle(const Throttle&) = delete;
  Throttle& operator=(const Throttle&) = delete;

  struct Verdict {
    bool pass = false;

    // How many lines of the kind were left out since the last that passed.
    int64_t left_out = 0;

    // No other line of the kind passes in this second.
    bool last = false;
  };

  // Asks whether a line of this kind may be written at `now`. Beyond
  // `kKindsMax` kinds, new ones count as one.
  Verdict Admit(absl::string_view kind, absl::Time now);

  static constexpr size_t kKindsMax = 1000;

 private:
  struct Window {
    absl::Time end = absl::InfinitePast();
    int passed = 0;
    int64_t left_out = 0;
  };

  const int per_second_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Window> windows_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_LOG_THROTTLE_H_
