#include "client/runner/readiness.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace holdline::client {

Readiness::Readiness(Options options, std::function<absl::Status()> probe,
                     Stop* stop, Log log)
    : probe_(std::move(probe)),
      stop_(stop),
      log_(std::move(log)),
      backoff_(options.backoff, std::move(options.random)) {}

bool Readiness::Await() {
  absl::MutexLock lock(&probing_);
  while (!ready() && !stop_->polling.WaitFor(NextWait())) ProbeOnce();
  return !stop_->polling.cancelled();
}

void Readiness::ProbeOnce() {
  const absl::Status status = probe_();
  if (!status.ok()) {
    log_(
        absl::StrCat("takes no tasks until this is fixed: ", status.message()));
    return;
  }
  log_("takes tasks again");
  absl::MutexLock lock(&mutex_);
  ready_ = true;
}

void Readiness::Lose() {
  absl::MutexLock lock(&mutex_);
  ready_ = false;
  for (Cancellation* poll : polls_) poll->Cancel();
}

void Readiness::Confirm() {
  absl::MutexLock lock(&mutex_);
  backoff_.Reset();
}

bool Readiness::ready() const {
  absl::MutexLock lock(&mutex_);
  return ready_;
}

absl::Duration Readiness::NextWait() {
  absl::MutexLock lock(&mutex_);
  return backoff_.Next();
}

Readiness::Poll::Poll(Readiness* readiness)
    : readiness_(readiness), stopping_(&readiness->stop_->polling, [this] {
        cancellation_.Cancel();
      }) {
  absl::MutexLock lock(&readiness_->mutex_);
  if (!readiness_->ready_) cancellation_.Cancel();
  place_ = readiness_->polls_.insert(readiness_->polls_.end(), &cancellation_);
}

Readiness::Poll::~Poll() {
  absl::MutexLock lock(&readiness_->mutex_);
  readiness_->polls_.erase(place_);
}

}  // namespace holdline::client
