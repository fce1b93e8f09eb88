// Memory and CPU cost of held polls, and their wake-up latency.

#ifndef HOLDLINE_TESTS_LOAD_PARKED_CALLS_H_
#define HOLDLINE_TESTS_LOAD_PARKED_CALLS_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/load/latency.h"
#include "tests/load/subject.h"

namespace holdline::load {

struct ParkedShape {
  int calls;
  int connections;

  // How long nothing is done while the server's time is taken. May be zero.
  absl::Duration idle;

  // How many polls are woken, one after the other.
  int wakes;
};

struct ParkedFigures {
  double bytes_per_call = 0;    // resident, of the server
  double idle_cpu_percent = 0;  // of one core
  Latency wake;                 // from a submission to the poll's answer
};

// Parks calls at a server whose only worker group is empty, and wakes them.
absl::StatusOr<ParkedFigures> MeasureParkedCalls(const Places& places,
                                                 Subject subject,
                                                 const ParkedShape& shape);

// How long a call of the raw server takes when nothing else happens.
absl::StatusOr<Latency> MeasureRoundTrips(const Places& places, int calls);

}  // namespace holdline::load

#endif  // HOLDLINE_TESTS_LOAD_PARKED_CALLS_H_
