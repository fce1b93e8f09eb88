// Gauges of pipelines, read from the engine at each scrape.

#ifndef HOLDLINE_SERVER_METRICS_PIPELINE_GAUGES_H_
#define HOLDLINE_SERVER_METRICS_PIPELINE_GAUGES_H_

#include <functional>
#include <vector>

#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"
#include "server/metrics/timed_question.h"

namespace holdline {

// Thread-safe.
class PipelineGauges : public prometheus::Collectable {
 public:
  // Gives up on an engine that does not answer within `patience`. Whatever
  // `ask` needs must outlive this.
  PipelineGauges(AskEngine ask, absl::Duration patience,
                 std::function<absl::Time()> clock = absl::Now);

  // Returns the gauges; nothing of an engine that does not answer.
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const AskEngine ask_;
  const absl::Duration patience_;
  const std::function<absl::Time()> clock_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_METRICS_PIPELINE_GAUGES_H_
