#include "client/command_line/interruption.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <iterator>

namespace holdline::client {
namespace {

// What wakes the thread: a handler may do little more than write.
int bell = -1;

void Ring() {
  const uint64_t one = 1;
  const int error = errno;
  (void)!write(bell, &one, sizeof(one));
  errno = error;
}

void OnSignal(int) { Ring(); }

void AwaitRing() {
  uint64_t count = 0;
  while (read(bell, &count, sizeof(count)) < 0 && errno == EINTR) {
  }
}

}  // namespace

// gRPC has threads by now, which would take signals that only this one blocks.
Interruption::Interruption() {
  bell = eventfd(0, EFD_CLOEXEC);
  thread_ = std::thread([this] {
    AwaitRing();
    cancellation_.Cancel();
  });
  struct sigaction action = {};
  action.sa_handler = OnSignal;
  action.sa_flags = SA_RESTART;
  for (size_t i = 0; i < std::size(kSignals); ++i) {
    sigaction(kSignals[i], nullptr, &before_[i]);
    if (before_[i].sa_handler != SIG_IGN) {
      sigaction(kSignals[i], &action, nullptr);
    }
  }
}

Interruption::~Interruption() {
  for (size_t i = 0; i < std::size(kSignals); ++i) {
    sigaction(kSignals[i], &before_[i], nullptr);
  }
  Ring();
  thread_.join();
  close(bell);
}

}  // namespace holdline::client
