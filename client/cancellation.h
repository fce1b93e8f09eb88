// Cancellation of blocking calls by another thread.
//
//   Cancellation stop;
//   client.PollForTask(request, {.cancellation = &stop});  // thread 1
//   stop.Cancel();                                         // thread 2
//
// Thread-safe: every method may be called at any time from any thread.

#ifndef HOLDLINE_CLIENT_CANCELLATION_H_
#define HOLDLINE_CLIENT_CANCELLATION_H_

#include <functional>
#include <list>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/base/steady_notification.h"

namespace holdline::client {

// A cancellation, which happens at most once.
class Cancellation {
 public:
  Cancellation() = default;

  Cancellation(const Cancellation&) = delete;
  Cancellation& operator=(const Cancellation&) = delete;

  // Ends what waits on this object now or later. A second call does nothing.
  void Cancel();

  bool cancelled() const { return cancelled_.given(); }

  // Waits until it is cancelled, at most for `duration`. Returns cancelled().
  bool WaitFor(absl::Duration duration) const;

  // A callback for the cancellation, registered while the object exists.
  class Listener {
   public:
    // `on_cancel` is called once: by Cancel(), or here if that has happened.
    // It must be quick and must not use the Cancellation. `cancellation` may be
    // null, which never cancels; otherwise it must outlive the listener.
    Listener(const Cancellation* cancellation, std::function<void()> on_cancel);

    // When it returns, `on_cancel` is not running and will not.
    ~Listener();

    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

   private:
    const Cancellation* const cancellation_;
    std::list<std::function<void()>>::iterator place_;
  };

 private:
  SteadyNotification cancelled_;  // is given under the mutex

  mutable absl::Mutex mutex_;
  mutable std::list<std::function<void()>> listeners_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_CANCELLATION_H_
