// Metrics of changes in pipelines.

#ifndef HOLDLINE_SERVER_METRICS_PIPELINE_METRICS_H_
#define HOLDLINE_SERVER_METRICS_PIPELINE_METRICS_H_

#include <array>

#include "absl/types/span.h"
#include "prometheus/counter.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"
#include "server/pipeline/model/fact.h"

namespace holdline {

// Thread-safe. All series exist, at zero, from the start, and no others come.
class PipelineMetrics {
 public:
  // Adds its families to the registry, which is not owned and must outlive
  // this.
  explicit PipelineMetrics(prometheus::Registry* registry);

  PipelineMetrics(const PipelineMetrics&) = delete;
  PipelineMetrics& operator=(const PipelineMetrics&) = delete;

  // Facts are on disk.
  void Committed(absl::Span<const PipelineFact> facts);

 private:
  static constexpr int kFamilies = 4;
  static constexpr int kStatuses = 11;

  // Counts one fact.
  struct Count;

  // By family, and by RunStatus.
  std::array<std::array<prometheus::Counter*, kStatuses>, kFamilies> runs_;
  std::array<prometheus::Counter*, kFamilies> attempts_failed_;
  prometheus::Histogram& lag_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_METRICS_PIPELINE_METRICS_H_
