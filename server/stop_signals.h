// SIGTERM and SIGINT: the first asks the process to stop, the second ends it.

#ifndef HOLDLINE_SERVER_STOP_SIGNALS_H_
#define HOLDLINE_SERVER_STOP_SIGNALS_H_

#include <atomic>
#include <thread>

#include "absl/synchronization/notification.h"

namespace holdline {

// Takes the signals on a thread of its own, so that no code runs in a signal
// handler.
class StopSignals {
 public:
  // REQUIRES: the process has no other thread yet. Threads that are started
  // afterwards do not get the signals.
  StopSignals();

  ~StopSignals();

  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  // Returns when the first signal has come. The next one ends the process at
  // once with 128 and its number, as a shell would show it.
  void Wait();

 private:
  void Run();

  absl::Notification first_;
  std::atomic<bool> ending_ = false;
  std::thread thread_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STOP_SIGNALS_H_
