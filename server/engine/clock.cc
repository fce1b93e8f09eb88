#include "server/engine/clock.h"

#include "absl/time/clock.h"
#include "server/base/steady_time.h"

namespace holdline {
namespace {

// Less is how well two clocks can be read at one moment.
constexpr absl::Duration kStepMin = absl::Milliseconds(100);

// Readings that took longer are not of one moment: the thread was held up
// between them.
constexpr absl::Duration kMoment = absl::Milliseconds(10);
constexpr int kReadingsMax = 10;

}  // namespace

Now Clock::Read() {
  absl::Time steady;
  absl::Time wall;
  for (int reading = 0; reading < kReadingsMax; ++reading) {
    steady = SteadyNow();
    wall = absl::Now();
    if (SteadyNow() - steady <= kMoment) break;
  }
  return Join(wall, steady);
}

std::function<Now()> SystemClock() {
  return [clock = Clock()]() mutable { return clock.Read(); };
}

Now Clock::Join(absl::Time wall, absl::Time steady) {
  const absl::Duration offset = wall - steady;
  if (!offset_.has_value() || absl::AbsDuration(offset - *offset_) > kStepMin) {
    offset_ = offset;
  }
  return {absl::FromUnixMicros(absl::ToUnixMicros(steady + *offset_)), steady};
}

}  // namespace holdline
