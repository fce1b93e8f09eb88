// Whether the slots of a runner should take tasks.

#ifndef HOLDLINE_CLIENT_RUNNER_READINESS_H_
#define HOLDLINE_CLIENT_RUNNER_READINESS_H_

#include <cstdint>
#include <functional>
#include <list>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "client/backoff.h"
#include "client/cancellation.h"
#include "client/runner/log.h"
#include "client/runner/stop.h"

namespace holdline::client {

// A machine whose disk is full would take task after task and fail each. So a
// runner that could not begin a task stops polling, and does not go on before a
// probe has shown that a command can be performed again.
//
// Thread-safe.
class Readiness {
 public:
  struct Options {
    // The waits before the probes. They grow until a command has begun.
    BackoffOptions backoff = {.first = absl::Seconds(1),
                              .max = absl::Minutes(1)};
    std::function<uint64_t()> random;
  };

  // Ready at first. `probe` returns OK if the machine is ready, and otherwise
  // says why not. `stop` must outlive this object.
  Readiness(Options options, std::function<absl::Status()> probe, Stop* stop,
            Log log);

  // What the probe says now. Changes nothing.
  absl::Status Probe() const { return probe_(); }

  // Returns true as soon as the machine is ready, false as soon as no further
  // task is to be taken. One of those that wait probes for all, and logs each
  // probe that fails.
  bool Await();

  // Says that a task could not be begun here. Polls that are held end.
  void Lose();

  // Says that a task was begun.
  void Confirm();

  // A poll that lives as long as this object.
  class Poll {
   public:
    explicit Poll(Readiness* readiness);
    ~Poll();

    Poll(const Poll&) = delete;
    Poll& operator=(const Poll&) = delete;

    // Cancelled when no further task is to be taken: for now, or for ever.
    Cancellation* cancellation() { return &cancellation_; }

   private:
    Readiness* const readiness_;
    Cancellation cancellation_;
    const Cancellation::Listener stopping_;
    std::list<Cancellation*>::iterator place_;
  };

 private:
  bool ready() const;
  absl::Duration NextWait();
  void ProbeOnce();

  const std::function<absl::Status()> probe_;
  Stop* const stop_;
  const Log log_;

  // Held by the thread that probes.
  absl::Mutex probing_;

  mutable absl::Mutex mutex_ ABSL_ACQUIRED_AFTER(probing_);
  bool ready_ ABSL_GUARDED_BY(mutex_) = true;
  Backoff backoff_ ABSL_GUARDED_BY(mutex_);
  std::list<Cancellation*> polls_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_RUNNER_READINESS_H_
