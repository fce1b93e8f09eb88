// Stands before what Abseil offers to order threads with, and tells
// ThreadSanitizer what is ordered. Debian's Abseil is not instrumented: without
// this, whatever a mutex guards would look like a race.
//
// `Notification::HasBeenNotified` is inline and cannot be stood before. Tests
// wait instead of asking.
//
// Each function does what it is named for by calling Abseil's own, which the
// dynamic linker finds next.

#include <dlfcn.h>
#include <sanitizer/tsan_interface.h>

#include <cstdio>
#include <cstdlib>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

namespace {

// Finds Abseil's own function by its mangled name.
template <typename Function>
Function* Next(const char* name) {
  void* const found = dlsym(RTLD_NEXT, name);
  if (found == nullptr) {
    std::fprintf(stderr, "tsan_abseil: Abseil has no %s\n", name);
    std::abort();
  }
  return reinterpret_cast<Function*>(found);
}

// Everything that happened before a release happens before what follows an
// acquisition of the same address.
void Acquire(const void* address) {
  __tsan_acquire(const_cast<void*>(address));
}
void Release(const void* address) {
  __tsan_release(const_cast<void*>(address));
}

// A condition that Abseil evaluates on any thread, with the mutex held, from
// inside a wait or an unlock that we do not see.
struct Watched {
  absl::Mutex* mutex;
  const absl::Condition* condition;
};

// Not looked at, for a thread reads the Watched of another before it has
// acquired anything from it.
__attribute__((no_sanitize_thread)) bool Evaluate(Watched* watched) {
  Acquire(watched->mutex);
  const bool result = watched->condition->Eval();
  Release(watched->mutex);
  return result;
}

}  // namespace

namespace absl {
ABSL_NAMESPACE_BEGIN

#define MUTEX "_ZN4absl7debian35Mutex"
#define CONDVAR "_ZN4absl7debian37CondVar"

// A function that takes the mutex.
#define LOCKS(method, name)                                   \
  void Mutex::method() {                                      \
    static auto* const next = Next<void(Mutex*)>(MUTEX name); \
    next(this);                                               \
    Acquire(this);                                            \
  }
LOCKS(Lock, "4LockEv")
LOCKS(ReaderLock, "10ReaderLockEv")
#undef LOCKS

// A function that takes the mutex if it is free.
#define TRIES(method, name)                                   \
  bool Mutex::method() {                                      \
    static auto* const next = Next<bool(Mutex*)>(MUTEX name); \
    const bool locked = next(this);                           \
    if (locked) Acquire(this);                                \
    return locked;                                            \
  }
TRIES(TryLock, "7TryLockEv")
TRIES(ReaderTryLock, "13ReaderTryLockEv")
#undef TRIES

// A function that gives the mutex back.
#define UNLOCKS(method, name)                                 \
  void Mutex::method() {                                      \
    static auto* const next = Next<void(Mutex*)>(MUTEX name); \
    Release(this);                                            \
    next(this);                                               \
  }
UNLOCKS(Unlock, "6UnlockEv")
UNLOCKS(ReaderUnlock, "12ReaderUnlockEv")
#undef UNLOCKS

// A function that returns with the mutex held, and gives it back meanwhile if
// it came with it. To release what is not held orders too much rather than too
// little, and only what came before a wait.
#define WAITS(method, name)                                                    \
  void Mutex::method(const Condition& condition) {                             \
    static auto* const next =                                                  \
        Next<void(Mutex*, const Condition&)>(MUTEX name "ERKNS0_9ConditionE"); \
    Watched watched{this, &condition};                                         \
    Release(this);                                                             \
    next(this, Condition(&Evaluate, &watched));                                \
    Acquire(this);                                                             \
  }
WAITS(Await, "5Await")
WAITS(LockWhen, "8LockWhen")
WAITS(ReaderLockWhen, "14ReaderLockWhen")
#undef WAITS

#define WAITS_UNTIL(method, Until, name)                                   \
  bool Mutex::method(const Condition& condition, Until until) {            \
    static auto* const next =                                              \
        Next<bool(Mutex*, const Condition&, Until)>(MUTEX name);           \
    Watched watched{this, &condition};                                     \
    Release(this);                                                         \
    const bool result = next(this, Condition(&Evaluate, &watched), until); \
    Acquire(this);                                                         \
    return result;                                                         \
  }
WAITS_UNTIL(AwaitWithTimeout, Duration,
            "16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE")
WAITS_UNTIL(AwaitWithDeadline, Time,
            "17AwaitWithDeadlineERKNS0_9ConditionENS0_4TimeE")
WAITS_UNTIL(LockWhenWithTimeout, Duration,
            "19LockWhenWithTimeoutERKNS0_9ConditionENS0_8DurationE")
WAITS_UNTIL(LockWhenWithDeadline, Time,
            "20LockWhenWithDeadlineERKNS0_9ConditionENS0_4TimeE")
WAITS_UNTIL(ReaderLockWhenWithTimeout, Duration,
            "25ReaderLockWhenWithTimeoutERKNS0_9ConditionENS0_8DurationE")
WAITS_UNTIL(ReaderLockWhenWithDeadline, Time,
            "26ReaderLockWhenWithDeadlineERKNS0_9ConditionENS0_4TimeE")
#undef WAITS_UNTIL

void CondVar::Wait(Mutex* mutex) {
  static auto* const next =
      Next<void(CondVar*, Mutex*)>(CONDVAR "4WaitEPNS0_5MutexE");
  Release(mutex);
  next(this, mutex);
  Acquire(mutex);
  Acquire(this);
}

bool CondVar::WaitWithTimeout(Mutex* mutex, Duration timeout) {
  static auto* const next = Next<bool(CondVar*, Mutex*, Duration)>(
      CONDVAR "15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE");
  Release(mutex);
  const bool expired = next(this, mutex, timeout);
  Acquire(mutex);
  Acquire(this);
  return expired;
}

bool CondVar::WaitWithDeadline(Mutex* mutex, Time deadline) {
  static auto* const next = Next<bool(CondVar*, Mutex*, Time)>(
      CONDVAR "16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE");
  Release(mutex);
  const bool expired = next(this, mutex, deadline);
  Acquire(mutex);
  Acquire(this);
  return expired;
}

void CondVar::Signal() {
  static auto* const next = Next<void(CondVar*)>(CONDVAR "6SignalEv");
  Release(this);
  next(this);
}

void CondVar::SignalAll() {
  static auto* const next = Next<void(CondVar*)>(CONDVAR "9SignalAllEv");
  Release(this);
  next(this);
}

void Notification::Notify() {
  static auto* const next =
      Next<void(Notification*)>("_ZN4absl7debian312Notification6NotifyEv");
  Release(this);
  next(this);
}

void Notification::WaitForNotification() const {
  static auto* const next = Next<void(const Notification*)>(
      "_ZNK4absl7debian312Notification19WaitForNotificationEv");
  next(this);
  Acquire(this);
}

bool Notification::WaitForNotificationWithTimeout(Duration timeout) const {
  static auto* const next = Next<bool(const Notification*, Duration)>(
      "_ZNK4absl7debian312Notification30WaitForNotificationWithTimeout"
      "ENS0_8DurationE");
  const bool notified = next(this, timeout);
  Acquire(this);
  return notified;
}

bool Notification::WaitForNotificationWithDeadline(Time deadline) const {
  static auto* const next = Next<bool(const Notification*, Time)>(
      "_ZNK4absl7debian312Notification31WaitForNotificationWithDeadline"
      "ENS0_4TimeE");
  const bool notified = next(this, deadline);
  Acquire(this);
  return notified;
}

bool BlockingCounter::DecrementCount() {
  static auto* const next = Next<bool(BlockingCounter*)>(
      "_ZN4absl7debian315BlockingCounter14DecrementCountEv");
  Release(this);
  return next(this);
}

void BlockingCounter::Wait() {
  static auto* const next =
      Next<void(BlockingCounter*)>("_ZN4absl7debian315BlockingCounter4WaitEv");
  next(this);
  Acquire(this);
}

ABSL_NAMESPACE_END
}  // namespace absl
