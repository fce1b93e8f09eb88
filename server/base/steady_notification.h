// A notification that is awaited by the steady clock.
//
// Abseil's waits by the wall clock, and goes on waiting when that is set back.

#ifndef HOLDLINE_SERVER_BASE_STEADY_NOTIFICATION_H_
#define HOLDLINE_SERVER_BASE_STEADY_NOTIFICATION_H_

#include <condition_variable>
#include <mutex>

#include "absl/time/time.h"

namespace holdline {

// Is not given, until it is for ever. Thread-safe.
class SteadyNotification {
 public:
  // Gives it; more than once is as good as once.
  void Notify();

  bool given() const;

  // Waits until it is given, but not beyond `deadline` of the steady clock.
  // Returns whether it is given.
  bool WaitUntil(absl::Time deadline) const;

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable told_;
  bool given_ = false;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BASE_STEADY_NOTIFICATION_H_
