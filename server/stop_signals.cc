#include "server/stop_signals.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

namespace holdline {
namespace {

constexpr int kExitBySignal = 128;

sigset_t Signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

}  // namespace

StopSignals::StopSignals() {
  const sigset_t signals = Signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  thread_ = std::thread([this] { Run(); });
}

StopSignals::~StopSignals() {
  ending_ = true;
  pthread_kill(thread_.native_handle(), SIGTERM);
  thread_.join();
}

void StopSignals::Wait() { first_.WaitForNotification(); }

void StopSignals::Run() {
  const sigset_t signals = Signals();
  for (;;) {
    int signal = 0;
    if (sigwait(&signals, &signal) != 0) continue;
    if (ending_) return;
    if (first_.HasBeenNotified()) _exit(kExitBySignal + signal);
    first_.Notify();
  }
}

}  // namespace holdline
