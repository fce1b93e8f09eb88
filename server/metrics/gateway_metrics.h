// Metrics of refused requests of the gateway.

#ifndef HOLDLINE_SERVER_METRICS_GATEWAY_METRICS_H_
#define HOLDLINE_SERVER_METRICS_GATEWAY_METRICS_H_

#include <array>

#include "prometheus/counter.h"
#include "prometheus/registry.h"
#include "server/gateway/observer.h"

namespace holdline {

// Thread-safe. All series exist, at zero, from the start.
class GatewayMetrics {
 public:
  // Adds its families to the registry, which is not owned and must outlive
  // this.
  explicit GatewayMetrics(prometheus::Registry* registry);

  GatewayMetrics(const GatewayMetrics&) = delete;
  GatewayMetrics& operator=(const GatewayMetrics&) = delete;

  // A request was refused.
  void Refused(const RefusedRequest& request);

 private:
  const std::array<prometheus::Counter*, 6> refusals_;  // by their reason
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_METRICS_GATEWAY_METRICS_H_
