// Readiness of a host to perform tasks; gates polling.

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

// A host whose disk is full would take task after task and fail each. So a
// runner that could not start a task stops polling, and resumes only when a
// probe shows that commands can be run again.
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

  // Ready at first. `probe` returns OK if the host is ready, and otherwise the
  // reason. `stop` must outlive this object.
  Readiness(Options options, std::function<absl::Status()> probe, Stop* stop,
            Log log);

  // Returns the result of the probe. Changes nothing.
  absl::Status Probe() const { return probe_(); }

  // Waits: returns true once the host is ready, false once no further task is
  // to be taken. One of the waiting threads probes for all, and logs each
  // failed probe.
  bool Await();

  // A task could not be started here. Ends held polls.
  void Lose();

  // A task was started.
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
