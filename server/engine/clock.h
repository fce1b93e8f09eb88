// The time that the loop goes by.

#ifndef HOLDLINE_SERVER_ENGINE_CLOCK_H_
#define HOLDLINE_SERVER_ENGINE_CLOCK_H_

#include <chrono>

#include "absl/time/time.h"

namespace holdline {

// The wall clock, except that it never runs backwards or stands still: if the
// wall clock is set back, this one goes on at the pace of the steady clock
// until the wall clock has caught up. Not thread-safe.
class Clock {
 public:
  absl::Time Now();

 private:
  absl::Time last_ = absl::InfinitePast();
  std::chrono::steady_clock::time_point last_steady_{};
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_ENGINE_CLOCK_H_
