#include "server/metrics/endpoint.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"
#include "prometheus/text_serializer.h"
#include "server/metrics/group_metrics.h"
#include "server/metrics/process_metrics.h"

namespace holdline {
namespace {

// A counter that is kept elsewhere.
class LogLinesDropped : public prometheus::Collectable {
 public:
  explicit LogLinesDropped(std::function<int64_t()> count)
      : count_(std::move(count)) {}

  std::vector<prometheus::MetricFamily> Collect() const override {
    prometheus::ClientMetric metric;
    metric.counter.value = static_cast<double>(count_());
    return {{"holdline_log_lines_dropped_total",
             "Log lines that were dropped because standard error was too slow.",
             prometheus::MetricType::Counter,
             {metric}}};
  }

 private:
  const std::function<int64_t()> count_;
};

// What is served, in the order in which it is shown.
using Collectables = std::vector<std::shared_ptr<prometheus::Collectable>>;

std::string Show(const Collectables& collectables) {
  std::vector<prometheus::MetricFamily> families;
  for (const auto& collectable : collectables) {
    for (prometheus::MetricFamily& family : collectable->Collect()) {
      families.push_back(std::move(family));
    }
  }
  return prometheus::TextSerializer().Serialize(families);
}

}  // namespace

absl::StatusOr<std::unique_ptr<MetricsEndpoint>> MetricsEndpoint::Start(
    const MetricsOptions& options, const Metrics& metrics,
    MetricsSources sources) {
  const absl::StatusOr<ListenAddress> address =
      ParseListenAddress(options.address);
  if (!address.ok()) return address.status();
  if (!IsLoopback(*address)) {
    return absl::InvalidArgumentError(
        absl::StrCat("the metrics page is not served on ", options.address,
                     ", beyond loopback"));
  }
  const Collectables collectables = {
      metrics.counted(),
      std::make_shared<GroupMetrics>(std::move(sources.ask_engine),
                                     options.groups_max, options.patience),
      std::make_shared<PipelineGauges>(std::move(sources.ask_planner),
                                       options.patience),
      std::make_shared<LogLinesDropped>(std::move(sources.log_lines_dropped)),
      std::make_shared<ProcessMetrics>()};
  absl::StatusOr<std::unique_ptr<PageServer>> server = PageServer::Start(
      *address, {.path = "/metrics",
                 .content_type = "text/plain; version=0.0.4; charset=utf-8",
                 .make = [collectables] { return Show(collectables); }});
  if (!server.ok()) return server.status();
  return std::unique_ptr<MetricsEndpoint>(
      new MetricsEndpoint(*std::move(server)));
}

}  // namespace holdline
