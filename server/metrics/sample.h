// For tests: the value of one series.

#ifndef HOLDLINE_SERVER_METRICS_SAMPLE_H_
#define HOLDLINE_SERVER_METRICS_SAMPLE_H_

#include <algorithm>
#include <string>
#include <vector>

#include "prometheus/client_metric.h"
#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"

namespace holdline {

using SeriesLabels = std::vector<prometheus::ClientMetric::Label>;

// Returns the value of a series, the number of observations if it is a
// histogram, or -1 if there is no such series.
inline double Sample(const prometheus::Collectable& source,
                     const std::string& name, SeriesLabels labels = {}) {
  std::sort(labels.begin(), labels.end());
  for (const prometheus::MetricFamily& family : source.Collect()) {
    if (family.name != name) continue;
    for (const prometheus::ClientMetric& metric : family.metric) {
      SeriesLabels found = metric.label;
      std::sort(found.begin(), found.end());
      if (found != labels) continue;
      return metric.counter.value + metric.gauge.value +
             static_cast<double>(metric.histogram.sample_count);
    }
  }
  return -1;
}

}  // namespace holdline

#endif  // HOLDLINE_SERVER_METRICS_SAMPLE_H_
