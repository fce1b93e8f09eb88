#include "tests/load/latency.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace holdline::load {

double Quantile(std::vector<double> values, double part) {
  const auto rank = static_cast<std::ptrdiff_t>(
      std::ceil(part * static_cast<double>(values.size())));
  const auto value = values.begin() + std::max<std::ptrdiff_t>(rank, 1) - 1;
  std::nth_element(values.begin(), value, values.end());
  return *value;
}

Latency LatencyOf(const std::vector<absl::Duration>& samples) {
  std::vector<double> milliseconds;
  milliseconds.reserve(samples.size());
  for (const absl::Duration sample : samples) {
    milliseconds.push_back(absl::ToDoubleMilliseconds(sample));
  }
  return {Quantile(milliseconds, 0.5), Quantile(milliseconds, 0.99)};
}

}  // namespace holdline::load
