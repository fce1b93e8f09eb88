// Latency of polls during a backfill of an unrelated pipeline.

#ifndef HOLDLINE_TESTS_LOAD_BACKFILL_H_
#define HOLDLINE_TESTS_LOAD_BACKFILL_H_

#include "absl/status/statusor.h"
#include "tests/load/latency.h"
#include "tests/load/subject.h"

namespace holdline::load {

// The pipeline has kBackfillComponents components, and so many intervals that
// are all due when it is activated.
inline constexpr int kBackfillComponents = 10;

struct BackfillShape {
  int intervals;

  // How many polls are woken before, one after the other.
  int wakes_at_rest;
};

struct BackfillFigures {
  // From a submission to the poll's answer: before the pipeline is activated,
  // and from then on until its last instance is made.
  Latency at_rest;
  Latency meanwhile;

  double instances_per_second = 0;
};

// Parks a poll at a broker, activates a pipeline of another worker group, for
// which nobody polls, and wakes the poll again and again.
absl::StatusOr<BackfillFigures> MeasureBackfill(const Places& places,
                                                const BackfillShape& shape);

}  // namespace holdline::load

#endif  // HOLDLINE_TESTS_LOAD_BACKFILL_H_
