// Process metrics of the operating system, with the standard names of
// Prometheus client libraries.

#ifndef HOLDLINE_SERVER_METRICS_PROCESS_METRICS_H_
#define HOLDLINE_SERVER_METRICS_PROCESS_METRICS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"

namespace holdline {

// Values of /proc/self/stat.
struct ProcessStat {
  absl::Duration cpu_time;
  absl::Duration started_after_boot;
  double virtual_memory_bytes = 0;
  double resident_memory_bytes = 0;
};

// Reads the line of /proc/self/stat. INVALID_ARGUMENT: it is something else.
absl::StatusOr<ProcessStat> ParseProcessStat(absl::string_view line);

// Thread-safe. Values that cannot be read are left out.
class ProcessMetrics : public prometheus::Collectable {
 public:
  std::vector<prometheus::MetricFamily> Collect() const override;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_METRICS_PROCESS_METRICS_H_
