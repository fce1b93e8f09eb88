#include "client/time_and_chance.h"

#include <algorithm>
#include <random>

#include "absl/time/clock.h"
#include "client/elapsed_time.h"

namespace holdline::client {
namespace {

// How soon a cancellation is noticed: gRPC waits for its channel only.
constexpr absl::Duration kLook = absl::Milliseconds(100);

void Sleep(grpc::Channel& channel, absl::Duration duration,
           const Cancellation* cancellation) {
  const absl::Time end = ElapsedNow() + duration;
  bool lost = false;
  while (cancellation == nullptr || !cancellation->cancelled()) {
    const absl::Time now = ElapsedNow();
    if (now >= end) return;
    const grpc_connectivity_state state =
        channel.GetState(/*try_to_connect=*/true);
    const bool connected = state == GRPC_CHANNEL_READY;
    if (connected && lost) return;
    lost = lost || !connected;
    channel.WaitForStateChange(
        state, absl::ToChronoTime(absl::Now() + std::min(end - now, kLook)));
  }
}

uint64_t Random() {
  thread_local std::random_device device;
  return std::uniform_int_distribution<uint64_t>()(device);
}

}  // namespace

TimeAndChance RealTimeAndChance() {
  return {.now = ElapsedNow, .sleep = Sleep, .random = Random};
}

}  // namespace holdline::client
