// Latency of polls during cascading failures and reruns in another worker
// group.

#ifndef HOLDLINE_TESTS_LOAD_CASCADES_H_
#define HOLDLINE_TESTS_LOAD_CASCADES_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/load/latency.h"
#include "tests/load/subject.h"

namespace holdline::load {

struct CascadesShape {
  // How many activities fail with the first of their chain.
  int activities;

  // From the beginning of one cascade to that of the next, of which one fails
  // the chain and the other runs it again.
  absl::Duration interval;

  // How many polls are woken, one after the other, before and meanwhile.
  int wakes;
};

struct CascadesFigures {
  // From a submission to the poll's answer.
  Latency at_rest;
  Latency meanwhile;

  // Of the calls that fail the chain.
  Latency failing;
};

// Parks a poll at a broker and wakes it again and again, while a chain of
// another worker group fails and is run again in turn. INTERNAL: something else
// happened to the chain.
absl::StatusOr<CascadesFigures> MeasureCascades(const Places& places,
                                                const CascadesShape& shape);

}  // namespace holdline::load

#endif  // HOLDLINE_TESTS_LOAD_CASCADES_H_
