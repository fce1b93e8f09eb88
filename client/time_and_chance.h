// The clock, sleep and randomness of a client, replaceable in tests.

#ifndef HOLDLINE_CLIENT_TIME_AND_CHANCE_H_
#define HOLDLINE_CLIENT_TIME_AND_CHANCE_H_

#include <cstdint>
#include <functional>

#include "absl/time/time.h"
#include "client/cancellation.h"
#include "grpcpp/channel.h"

namespace holdline::client {

// Each function is set and may be called on any thread.
struct TimeAndChance {
  std::function<absl::Time()> now;  // only differences mean anything

  // Sleeps for the duration, until the cancellation, which may be null, or
  // until the channel is connected again after the connection was lost or
  // missing.
  std::function<void(grpc::Channel&, absl::Duration, const Cancellation*)>
      sleep;

  // A uniformly random 64-bit number.
  std::function<uint64_t()> random;
};

// The system's clock and randomness.
TimeAndChance RealTimeAndChance();

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_TIME_AND_CHANCE_H_
