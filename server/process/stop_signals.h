// The signals with which an operator tells a process to stop, or to look at its
// settings again.
//
// SIGTERM and SIGINT ask the process to stop; the second one ends it at once.
// SIGHUP that somebody sends is for the process to choose; that of a terminal
// which has gone asks it to stop. If SIGHUP was ignored when the process was
// started, as by nohup, it is ignored.

#ifndef HOLDLINE_SERVER_PROCESS_STOP_SIGNALS_H_
#define HOLDLINE_SERVER_PROCESS_STOP_SIGNALS_H_

#include <signal.h>

#include <atomic>
#include <cstdint>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace holdline {

// How much longer than its work may take a stopping process has for the rest.
inline constexpr absl::Duration kStopMargin = absl::Seconds(5);

// Takes the signals on a thread of its own, so that no code runs in a signal
// handler.
class StopSignals {
 public:
  enum class Wish { kStop, kReload };

  // REQUIRES: the process has no other thread yet. Threads that are started
  // afterwards do not get the signals.
  StopSignals();

  ~StopSignals();

  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  // Lets a process that was asked to stop end at the latest after `patience`,
  // with 1: whatever it waits for then, a disk or a peer, it may wait for ever.
  // Counts from the signal, even if that has come. kStopMargin at first.
  void EndWithin(absl::Duration patience);

  // Waits for the next signal. Those that come while nobody waits are one; and
  // once the process is to stop, that is all there is. A further one then ends
  // it at once with 128 and its number, as a shell would show it.
  Wish Wait();

 private:
  void Run();

  // Waits for a signal, or until a stopping process must end, which it sees to.
  siginfo_t Take();
  void Heed(const siginfo_t& signal);
  [[noreturn]] static void EndNow();
  bool HasWish() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stop_ || reload_;
  }

  const sigset_t signals_;
  std::atomic<int64_t> patience_nanoseconds_;
  std::atomic<bool> ending_ = false;

  absl::Mutex mutex_;
  bool stop_ ABSL_GUARDED_BY(mutex_) = false;
  bool reload_ ABSL_GUARDED_BY(mutex_) = false;

  // Of the steady clock; used by the thread only.
  absl::Time stop_asked_at_ = absl::InfiniteFuture();

  std::thread thread_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PROCESS_STOP_SIGNALS_H_
