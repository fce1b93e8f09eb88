// Metrics of gRPC connections.

#ifndef HOLDLINE_SERVER_METRICS_CONNECTION_METRICS_H_
#define HOLDLINE_SERVER_METRICS_CONNECTION_METRICS_H_

#include <map>

#include "prometheus/counter.h"
#include "prometheus/family.h"
#include "prometheus/gauge.h"
#include "prometheus/registry.h"
#include "server/rpc/connections/observer.h"

namespace holdline {

// Thread-safe. All series exist, at zero, from the start.
class ConnectionMetrics {
 public:
  // Adds its families to the registry, which is not owned and must outlive
  // this.
  explicit ConnectionMetrics(prometheus::Registry* registry);

  ConnectionMetrics(const ConnectionMetrics&) = delete;
  ConnectionMetrics& operator=(const ConnectionMetrics&) = delete;

  // Sets the gauges.
  void Counted(const ConnectionCounts& counts);

  // Counts a connection that was closed to protect others.
  void Refused(const RefusedConnection& connection);

 private:
  prometheus::Family<prometheus::Gauge>& connections_;
  prometheus::Gauge& silent_;
  prometheus::Gauge& pending_;
  prometheus::Gauge& unauthenticated_;
  prometheus::Gauge& authenticated_;
  // Constant after construction.
  std::map<RefusedConnection::Reason, prometheus::Counter*> refusals_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_METRICS_CONNECTION_METRICS_H_
