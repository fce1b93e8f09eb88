// The server's numbers, for Prometheus. README.md lists them all.
//
// Counters are incremented by observers as events happen; gauges are read at
// each scrape, so that they are exact and cost nothing in between.

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

  // The registry of the counters.
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
