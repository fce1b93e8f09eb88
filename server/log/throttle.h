// The throttle of similar log events: passes a few a second, and counts the
// rest.

#ifndef HOLDLINE_SERVER_LOG_THROTTLE_H_
#define HOLDLINE_SERVER_LOG_THROTTLE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/log/line.h"

namespace holdline {

// Each event is passed, or reported by Collect, alone or in a count.
// Thread-safe.
class Throttle {
 public:
  // Lets `per_second` events of each kind through in a second; at least 1.
  explicit Throttle(int per_second) : per_second_(per_second) {}

  Throttle(const Throttle&) = delete;
  Throttle& operator=(const Throttle&) = delete;

  enum class Verdict {
    kWrite,
    kWriteAsLast,  // and no other of the kind in this second
    kLeaveOut,     // Collect tells of it
  };

  // Decides whether an event of this kind is to be written at `now`. Beyond
  // `kKindsMax` kinds in a second, new ones count as one.
  Verdict Admit(absl::string_view kind, absl::Time now, const LogEvent& event);

  // Returns, for each kind of which events were left out in a second that is
  // over, the latest of them, with a field `suppressed` that counts the others.
  // To be called about once a second, and at the end with InfiniteFuture.
  std::vector<LogEvent> Collect(absl::Time now);

  static constexpr size_t kKindsMax = 1000;

 private:
  struct Window {
    absl::Time end = absl::InfinitePast();
    int passed = 0;
    int64_t left_out = 0;
    LogEvent latest;  // of those left out
  };

  const int per_second_;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, Window> windows_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_LOG_THROTTLE_H_
