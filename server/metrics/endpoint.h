// The HTTP endpoint for monitoring: `/metrics` for Prometheus, and `/healthz`
// and `/readyz` for probes.

#ifndef HOLDLINE_SERVER_METRICS_ENDPOINT_H_
#define HOLDLINE_SERVER_METRICS_ENDPOINT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/auth/credentials/credential_store.h"
#include "server/auth/tls/tls_options.h"
#include "server/base/listen_address.h"
#include "server/metrics/group_census.h"
#include "server/metrics/metrics.h"
#include "server/metrics/page_server.h"
#include "server/metrics/pipeline_gauges.h"

namespace holdline {

struct MetricsOptions {
  // Where to listen; port 0 is any free one. Beyond loopback there must be
  // credentials and TLS.
  std::string address = "127.0.0.1:7072";

  // The TLS identity beyond loopback.
  TlsOptions tls = {};

  // The most worker groups that are shown by name; the others are summed up.
  int groups_max = 1000;

  // How long a scrape waits for the engine, once for the groups and once for
  // the pipelines.
  absl::Duration patience = absl::Seconds(1);
};

// The sources that are queried at each scrape.
struct MetricsSources {
  AskEngine ask_engine;

  // How many lines the log has dropped.
  std::function<int64_t()> log_lines_dropped;

  // Whether the server takes calls and can store what they bring.
  std::function<bool()> ready;
};

// Serves while it exists. `/healthz` reports that the process runs, `/readyz`
// whether it is ready: 200 or 503, to everybody, without details. `/metrics` is
// open on loopback, but not to web pages (403), and beyond it for operators and
// administrators only (401).
class MetricsEndpoint {
 public:
  // Starts to serve `metrics` and what the sources say. What is behind the
  // sources must outlive the endpoint; answers may come later than that.
  // `credentials` are those of viewers beyond loopback; not owned, null if
  // there are none, and outlive the endpoint.
  //
  // INVALID_ARGUMENT: the address is not one to listen on. UNAVAILABLE: it
  // cannot be listened on, such as when another process does.
  static absl::StatusOr<std::unique_ptr<MetricsEndpoint>> Start(
      const MetricsOptions& options, const Metrics& metrics,
      MetricsSources sources, const CredentialStore* credentials);

  // HOST:PORT with the real port.
  std::string address() const { return ToString(server_->address()); }

 private:
  explicit MetricsEndpoint(std::unique_ptr<PageServer> server)
      : server_(std::move(server)) {}

  const std::unique_ptr<PageServer> server_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_METRICS_ENDPOINT_H_
