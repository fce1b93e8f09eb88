#include "server/metrics/endpoint.h"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"
#include "prometheus/text_serializer.h"
#include "server/auth/tls/tls_contexts.h"
#include "server/metrics/group_metrics.h"
#include "server/metrics/process_metrics.h"
#include "server/metrics/viewer.h"

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
             "Log lines dropped because standard error was too slow.",
             prometheus::MetricType::Counter,
             {metric}}};
  }

 private:
  const std::function<int64_t()> count_;
};

// What is served, in the order in which it is shown.
using Collectables = std::vector<std::shared_ptr<prometheus::Collectable>>;

// For everybody, or for one account only.
std::string Show(const Collectables& collectables,
                 const std::optional<AccountId>& account) {
  std::vector<prometheus::MetricFamily> families;
  for (const auto& collectable : collectables) {
    for (prometheus::MetricFamily& family : collectable->Collect()) {
      families.push_back(std::move(family));
    }
  }
  if (account.has_value()) KeepAccount(*account, &families);
  return prometheus::TextSerializer().Serialize(families);
}

// The metrics, for programs on this machine. A web page in somebody's browser
// is none, whatever its host resolves to.
PageAnswer ShowLocally(const Collectables& collectables,
                       const PageCaller& caller) {
  const bool named = caller.host.empty() || NamesLoopback(caller.host);
  if (!named || caller.has_origin) {
    return {403,
            "On loopback the Host must be localhost, 127.0.0.1 or [::1], and "
            "there must be no Origin, to protect against web pages.\n"};
  }
  return {200, Show(collectables, std::nullopt)};
}

// The metrics of their account, for those who may look.
PageAnswer ShowBeyond(const Collectables& collectables,
                      const CredentialStore& credentials,
                      const PageCaller& caller) {
  const std::optional<AccountId> account = AccountOfViewer(
      *credentials.current(), caller.authorization, absl::Now());
  if (!account.has_value()) {
    return {401, "An access key and its secret are required.\n"};
  }
  return {200, Show(collectables, account)};
}

Page MetricsPage(Collectables collectables, bool loopback,
                 const CredentialStore* credentials) {
  return {.path = "/metrics",
          .content_type = "text/plain; version=0.0.4; charset=utf-8",
          .make = [=](const PageCaller& caller) {
            return loopback ? ShowLocally(collectables, caller)
                            : ShowBeyond(collectables, *credentials, caller);
          }};
}

// A page for probes, which say nothing of who they are and are told nothing
// else.
Page ProbePage(std::string path, std::function<bool()> good) {
  return {.path = std::move(path),
          .content_type = "text/plain; charset=utf-8",
          .make = [good = std::move(good)](const PageCaller&) {
            return good() ? PageAnswer{200, "ok\n"}
                          : PageAnswer{503, "not ready\n"};
          }};
}

absl::StatusOr<PageServer::Encryption> Encrypt(const TlsOptions& options) {
  absl::StatusOr<std::unique_ptr<TlsContexts>> opened =
      TlsContexts::Open(options, nullptr);
  if (!opened.ok()) return opened.status();
  std::shared_ptr<TlsContexts> contexts = *std::move(opened);
  return [contexts] { return contexts->Current(); };
}

}  // namespace

absl::StatusOr<std::unique_ptr<MetricsEndpoint>> MetricsEndpoint::Start(
    const MetricsOptions& options, const Metrics& metrics,
    MetricsSources sources, const CredentialStore* credentials) {
  const absl::StatusOr<ListenAddress> address =
      ParseListenAddress(options.address);
  if (!address.ok()) return address.status();
  const bool loopback = IsLoopback(*address);
  if (!loopback && (credentials == nullptr || !options.tls.enabled())) {
    return absl::InvalidArgumentError(
        absl::StrCat("the metrics page on ", options.address,
                     ", beyond loopback, needs credentials and TLS"));
  }
  absl::StatusOr<PageServer::Encryption> encryption = PageServer::Encryption();
  if (!loopback) encryption = Encrypt(options.tls);
  if (!encryption.ok()) return encryption.status();
  const Collectables collectables = {
      metrics.counted(),
      std::make_shared<GroupMetrics>(sources.ask_engine, options.groups_max,
                                     options.patience),
      std::make_shared<PipelineGauges>(sources.ask_engine, options.patience),
      std::make_shared<LogLinesDropped>(std::move(sources.log_lines_dropped)),
      std::make_shared<ProcessMetrics>()};
  absl::StatusOr<std::unique_ptr<PageServer>> server =
      PageServer::Start(*address,
                        {MetricsPage(collectables, loopback, credentials),
                         ProbePage("/healthz", [] { return true; }),
                         ProbePage("/readyz", std::move(sources.ready))},
                        *std::move(encryption));
  if (!server.ok()) return server.status();
  return std::unique_ptr<MetricsEndpoint>(
      new MetricsEndpoint(*std::move(server)));
}

}  // namespace holdline
