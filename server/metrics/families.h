// Short forms for the making of metrics. A name that Prometheus does not allow
// ends the process: names are ours, and made once at the start.

#ifndef HOLDLINE_SERVER_METRICS_FAMILIES_H_
#define HOLDLINE_SERVER_METRICS_FAMILIES_H_

#include <array>
#include <cstddef>
#include <string>

#include "prometheus/counter.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"

namespace holdline {

inline prometheus::Counter& AddCounter(prometheus::Registry* registry,
                                       const std::string& name,
                                       const std::string& help) {
  return prometheus::BuildCounter()
      .Name(name)
      .Help(help)
      .Register(*registry)
      .Add({});
}

inline prometheus::Gauge& AddGauge(prometheus::Registry* registry,
                                   const std::string& name,
                                   const std::string& help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(*registry).Add(
      {});
}

inline prometheus::Histogram& AddHistogram(
    prometheus::Registry* registry, const std::string& name,
    const std::string& help,
    const prometheus::Histogram::BucketBoundaries& buckets) {
  return prometheus::BuildHistogram()
      .Name(name)
      .Help(help)
      .Register(*registry)
      .Add({}, buckets);
}

// Adds a counter for each value of a label, in the order of the values.
template <size_t kValues>
std::array<prometheus::Counter*, kValues> AddCounters(
    prometheus::Registry* registry, const std::string& name,
    const std::string& help, const std::string& label,
    const char* const (&values)[kValues]) {
  auto& family =
      prometheus::BuildCounter().Name(name).Help(help).Register(*registry);
  std::array<prometheus::Counter*, kValues> counters;
  for (size_t i = 0; i < kValues; ++i) {
    counters[i] = &family.Add({{label, values[i]}});
  }
  return counters;
}

}  // namespace holdline

#endif  // HOLDLINE_SERVER_METRICS_FAMILIES_H_
