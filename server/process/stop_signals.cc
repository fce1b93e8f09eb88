#include "server/process/stop_signals.h"

#include <pthread.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "server/base/bounded_write.h"
#include "server/base/steady_time.h"

namespace holdline {
namespace {

constexpr int kExitTooLate = 1;
constexpr int kExitBySignal = 128;

sigset_t Signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  struct sigaction hangup;
  sigaction(SIGHUP, nullptr, &hangup);
  if (hangup.sa_handler != SIG_IGN) sigaddset(&signals, SIGHUP);
  return signals;
}

}  // namespace

StopSignals::StopSignals() : signals_(Signals()) {
  EndWithin(kStopMargin);
  pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
  thread_ = std::thread([this] { Run(); });
}

StopSignals::~StopSignals() {
  ending_ = true;
  pthread_kill(thread_.native_handle(), SIGTERM);
  thread_.join();
}

void StopSignals::EndWithin(absl::Duration patience) {
  patience_nanoseconds_ = absl::ToInt64Nanoseconds(patience);
}

StopSignals::Wish StopSignals::Wait() {
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(
      +[](StopSignals* self) ABSL_EXCLUSIVE_LOCKS_REQUIRED(self->mutex_) {
        return self->HasWish();
      },
      this));
  if (stop_) return Wish::kStop;
  reload_ = false;
  return Wish::kReload;
}

void StopSignals::Run() {
  for (;;) {
    const siginfo_t signal = Take();
    if (ending_) return;
    Heed(signal);
  }
}

siginfo_t StopSignals::Take() {
  for (;;) {
    const absl::Time end =
        stop_asked_at_ + absl::Nanoseconds(patience_nanoseconds_.load());
    const absl::Duration left = end - SteadyNow();
    if (left <= absl::ZeroDuration()) EndNow();
    const timespec patience =
        absl::ToTimespec(std::min(left, absl::Duration(absl::Hours(24))));
    siginfo_t signal;
    if (sigtimedwait(&signals_, &signal, &patience) > 0) return signal;
  }
}

void StopSignals::Heed(const siginfo_t& signal) {
  const bool stopping = stop_asked_at_ != absl::InfiniteFuture();
  const bool reload = signal.si_signo == SIGHUP && signal.si_code != SI_KERNEL;
  if (stopping && signal.si_signo == SIGHUP) return;
  if (stopping) _exit(kExitBySignal + signal.si_signo);
  if (!reload) stop_asked_at_ = SteadyNow();
  absl::MutexLock lock(&mutex_);
  (reload ? reload_ : stop_) = true;
}

void StopSignals::EndNow() {
  WriteWithin(STDERR_FILENO, "The shutdown timed out; exiting now.\n",
              absl::ZeroDuration());
  _exit(kExitTooLate);
}

}  // namespace holdline
