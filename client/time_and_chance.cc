#include "client/time_and_chance.h"

#include <random>

#include "absl/time/clock.h"

namespace holdline::client {
namespace {

void Sleep(absl::Duration duration, const Cancellation* cancellation) {
  if (cancellation == nullptr) {
    absl::SleepFor(duration);
  } else {
    cancellation->WaitFor(duration);
  }
}

uint64_t Random() {
  thread_local std::random_device device;
  return std::uniform_int_distribution<uint64_t>()(device);
}

}  // namespace

TimeAndChance RealTimeAndChance() {
  return {.now = absl::Now, .sleep = Sleep, .random = Random};
}

}  // namespace holdline::client
