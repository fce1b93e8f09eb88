// Throughput and CPU cost of task life cycles.

#ifndef HOLDLINE_TESTS_LOAD_LIFE_CYCLES_H_
#define HOLDLINE_TESTS_LOAD_LIFE_CYCLES_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/load/subject.h"

namespace holdline::load {

// Submitters and runners, each with one call outstanding.
inline constexpr int kSubmitters = 8;
inline constexpr int kRunners = 32;
inline constexpr int kCallers = kSubmitters + kRunners;

struct LifeCycleFigures {
  double per_second = 0;
  double server_cpu_microseconds = 0;  // per life cycle
  double client_cpu_microseconds = 0;  // per life cycle

  // From start to end, warming up included.
  int64_t submitted = 0;
  int64_t finished = 0;
};

// Runs kCallers against a server for `duration`, over `connections`. In the
// broker, submitters submit, runners poll and finish. Of the raw server each
// caller asks, in turn, the three calls that a life cycle consists of.
absl::StatusOr<LifeCycleFigures> MeasureLifeCycles(const Places& places,
                                                   Subject subject,
                                                   int connections,
                                                   absl::Duration duration);

}  // namespace holdline::load

#endif  // HOLDLINE_TESTS_LOAD_LIFE_CYCLES_H_
