#include "server/metrics/pipeline_gauges.h"

#include <array>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "server/base/steady_time.h"
#include "server/pipeline/model/census.h"
#include "server/pipeline/model/run_fields.h"

namespace holdline {
namespace {

prometheus::ClientMetric Gauge(double value) {
  prometheus::ClientMetric metric;
  metric.gauge.value = value;
  return metric;
}

prometheus::MetricFamily Single(std::string name, std::string help,
                                double value) {
  return {std::move(name),
          std::move(help),
          prometheus::MetricType::Gauge,
          {Gauge(value)}};
}

// A gauge for each state or status that has a count.
template <typename State, size_t kStates>
prometheus::MetricFamily ByState(std::string name, std::string help,
                                 const char* label,
                                 const std::array<int64_t, kStates>& counts) {
  prometheus::MetricFamily family = {
      std::move(name), std::move(help), prometheus::MetricType::Gauge, {}};
  for (size_t i = 0; i < kStates; ++i) {
    family.metric.push_back(Gauge(static_cast<double>(counts[i])));
    family.metric.back().label.push_back(
        {label, absl::AsciiStrToLower(ToString(static_cast<State>(i)))});
  }
  return family;
}

}  // namespace

PipelineGauges::PipelineGauges(AskEngine ask, absl::Duration patience,
                               std::function<absl::Time()> clock)
    : ask_(std::move(ask)), patience_(patience), clock_(std::move(clock)) {}

std::vector<prometheus::MetricFamily> PipelineGauges::Collect() const {
  const absl::StatusOr<PipelineCensus> census =
      AskUntil<PipelineCensus>(ask_, CountPipelines(), SteadyNow() + patience_);
  if (!census.ok()) return {};
  const absl::Duration oldest = census->notifications == 0
                                    ? absl::ZeroDuration()
                                    : clock_() - census->oldest_notification_at;
  return {ByState<PipelineState>("holdline_pipelines", "Pipelines, by state.",
                                 "state", census->pipelines),
          ByState<RunStatus>("holdline_pipeline_runs_live",
                             "Runs that have not ended, by status.", "status",
                             census->runs),
          Single("holdline_pipeline_components_behind",
                 "Components with intervals that are due and have no run yet.",
                 static_cast<double>(census->components_behind)),
          Single("holdline_notifications_pending",
                 "Notifications not delivered yet.",
                 static_cast<double>(census->notifications)),
          Single("holdline_oldest_notification_age_seconds",
                 "Age of the oldest undelivered notification.",
                 absl::ToDoubleSeconds(oldest))};
}

}  // namespace holdline
