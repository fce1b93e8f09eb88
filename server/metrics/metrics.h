// The server's numbers, for Prometheus. README.md lists them all.
//
// What happens is counted as it happens, by observers; how things stand is
// asked when somebody scrapes, so that it is exact and costs nothing meanwhile.

#ifndef HOLDLINE_SERVER_METRICS_METRICS_H_
#define HOLDLINE_SERVER_METRICS_METRICS_H_

#include <memory>

#include "prometheus/registry.h"
#include "server/engine/observer.h"
#include "server/gateway/observer.h"
#include "server/metrics/call_metrics.h"
#include "server/metrics/connection_metrics.h"
#include "server/metrics/engine_metrics.h"
#include "server/metrics/gateway_metrics.h"
#include "server/metrics/notify_metrics.h"
#include "server/metrics/pipeline_metrics.h"
#include "server/notify/observer.h"
#include "server/rpc/call/observer.h"

namespace holdline {

// Thread-safe. Must outlive those who were given its observers.
class Metrics {
 public:
  Metrics();

  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  EngineObserver engine_observer();
  RpcObserver rpc_observer();
  NotifyObserver notify_observer();
  GatewayObserver gateway_observer();

  // What was counted.
  std::shared_ptr<prometheus::Collectable> counted() const { return registry_; }

 private:
  const std::shared_ptr<prometheus::Registry> registry_;
  EngineMetrics engine_;
  CallMetrics calls_;
  ConnectionMetrics connections_;
  PipelineMetrics pipelines_;
  NotifyMetrics notifications_;
  GatewayMetrics gateway_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_METRICS_METRICS_H_
