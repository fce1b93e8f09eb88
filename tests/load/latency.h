// Latencies as quantiles.

#ifndef HOLDLINE_TESTS_LOAD_LATENCY_H_
#define HOLDLINE_TESTS_LOAD_LATENCY_H_

#include <vector>

#include "absl/time/time.h"

namespace holdline::load {

struct Latency {
  double p50_milliseconds = 0;
  double p99_milliseconds = 0;
};

// Returns the smallest of `values` that is not exceeded by `part` of them, from
// 0 to 1. There must be at least one.
double Quantile(std::vector<double> values, double part);

// There must be at least one sample.
Latency LatencyOf(const std::vector<absl::Duration>& samples);

}  // namespace holdline::load

#endif  // HOLDLINE_TESTS_LOAD_LATENCY_H_
