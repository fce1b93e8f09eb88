#include "client/cancellation.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/time/clock.h"

namespace holdline::client {
namespace {

int NewDescriptor() {
  const int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (descriptor < 0) {
    perror("holdline: cannot make an event descriptor");
    abort();
  }
  return descriptor;
}

}  // namespace

Cancellation::Cancellation() : descriptor_(NewDescriptor()) {}

Cancellation::~Cancellation() { close(descriptor_); }

void Cancellation::Cancel() {
  absl::MutexLock lock(&mutex_);
  if (cancelled_) return;
  cancelled_ = true;
  // The descriptor stays readable for ever, since nobody reads from it.
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written =
      write(descriptor_, &one, sizeof(one));
  for (const std::function<void()>& listener : listeners_) listener();
}

bool Cancellation::cancelled() const {
  absl::MutexLock lock(&mutex_);
  return cancelled_;
}

bool Cancellation::WaitFor(absl::Duration duration) const {
  const absl::Time deadline = absl::Now() + duration;
  absl::Duration left = duration;
  while (!cancelled() && left > absl::ZeroDuration()) {
    pollfd waiting = {.fd = descriptor_, .events = POLLIN, .revents = 0};
    const timespec timeout = absl::ToTimespec(left);
    ppoll(&waiting, 1, &timeout, nullptr);
    left = deadline - absl::Now();
  }
  return cancelled();
}

Cancellation::Listener::Listener(Cancellation* cancellation,
                                 std::function<void()> on_cancel)
    : cancellation_(cancellation) {
  if (cancellation_ == nullptr) return;
  absl::MutexLock lock(&cancellation_->mutex_);
  if (cancellation_->cancelled_) on_cancel();
  place_ = cancellation_->listeners_.insert(cancellation_->listeners_.end(),
                                            std::move(on_cancel));
}

Cancellation::Listener::~Listener() {
  if (cancellation_ == nullptr) return;
  absl::MutexLock lock(&cancellation_->mutex_);
  cancellation_->listeners_.erase(place_);
}

}  // namespace holdline::client
