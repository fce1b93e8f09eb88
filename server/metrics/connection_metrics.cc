#include "server/metrics/connection_metrics.h"

#include "prometheus/counter.h"
#include "prometheus/gauge.h"

namespace holdline {

ConnectionMetrics::ConnectionMetrics(prometheus::Registry* registry)
    : connections_(prometheus::BuildGauge()
                       .Name("holdline_connections")
                       .Help("gRPC connections, by state.")
                       .Register(*registry)),
      silent_(connections_.Add({{"state", "silent"}})),
      pending_(connections_.Add({{"state", "pending"}})),
      unauthenticated_(connections_.Add({{"state", "unauthenticated"}})),
      authenticated_(connections_.Add({{"state", "authenticated"}})) {
  auto& refusals = prometheus::BuildCounter()
                       .Name("holdline_connections_refused_total")
                       .Help("gRPC connections closed to protect others.")
                       .Register(*registry);
  for (const RefusedConnection::Reason reason : RefusedConnection::kReasons) {
    refusals_[reason] = &refusals.Add({{"reason", ToString(reason)}});
  }
}

void ConnectionMetrics::Counted(const ConnectionCounts& counts) {
  silent_.Set(counts.silent);
  pending_.Set(counts.pending);
  unauthenticated_.Set(counts.unauthenticated);
  authenticated_.Set(counts.authenticated);
}

void ConnectionMetrics::Refused(const RefusedConnection& connection) {
  refusals_.at(connection.reason)->Increment();
}

}  // namespace holdline
