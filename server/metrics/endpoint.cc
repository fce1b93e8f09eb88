#include "server/metrics/endpoint.h"

#include <exception>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "prometheus/exposer.h"
#include "server/listen_address.h"
#include "server/metrics/group_metrics.h"
#include "server/metrics/process_metrics.h"

namespace holdline {
namespace {

// Two scrapers at a time: one Prometheus, and somebody who looks.
constexpr char kThreads[] = "2";
constexpr char kRequestTimeoutMilliseconds[] = "10000";

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

absl::StatusOr<std::unique_ptr<prometheus::Exposer>> Listen(
    const ListenAddress& address) {
  try {
    return std::make_unique<prometheus::Exposer>(std::vector<std::string>{
        "listening_ports", ToString(address), "num_threads", kThreads,
        "request_timeout_ms", kRequestTimeoutMilliseconds});
  } catch (const std::exception&) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", ToString(address),
                     " for metrics: is another process using the port?"));
  }
}

}  // namespace

absl::StatusOr<std::unique_ptr<MetricsEndpoint>> MetricsEndpoint::Start(
    const MetricsOptions& options, const Metrics& metrics,
    MetricsSources sources) {
  absl::StatusOr<ListenAddress> address = ParseListenAddress(options.address);
  if (!address.ok()) return address.status();
  if (absl::StrContains(address->host, ':')) {
    return absl::InvalidArgumentError(absl::StrCat(
        "\"", options.address, "\": metrics are served over IPv4 only"));
  }
  absl::StatusOr<std::unique_ptr<prometheus::Exposer>> exposer =
      Listen(*address);
  if (!exposer.ok()) return exposer.status();
  address->port = (*exposer)->GetListeningPorts().front();

  Collectables collectables = {
      metrics.counted(),
      std::make_shared<GroupMetrics>(std::move(sources.ask_engine),
                                     options.groups_max, options.patience),
      std::make_shared<LogLinesDropped>(std::move(sources.log_lines_dropped)),
      std::make_shared<ProcessMetrics>()};
  for (const auto& collectable : collectables) {
    (*exposer)->RegisterCollectable(collectable);
  }
  return std::unique_ptr<MetricsEndpoint>(new MetricsEndpoint(
      ToString(*address), std::move(collectables), *std::move(exposer)));
}

MetricsEndpoint::MetricsEndpoint(std::string address, Collectables collectables,
                                 std::unique_ptr<prometheus::Exposer> exposer)
    : address_(std::move(address)),
      collectables_(std::move(collectables)),
      exposer_(std::move(exposer)) {}

MetricsEndpoint::~MetricsEndpoint() = default;

}  // namespace holdline
