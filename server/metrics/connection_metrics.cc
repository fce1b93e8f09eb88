#include "server/metrics/connection_metrics.h"

#include "prometheus/counter.h"
#include "prometheus/gauge.h"

namespace holdline {

ConnectionMetrics::ConnectionMetrics(prometheus::Registry* registry)
    : connections_(prometheus::BuildGauge()
                       .Name("holdline_connections")
                       .Help("gRPC connections, by what is known of them.")
                       .Register(*registry)),
      silent_(connections_.Add({{"state", "silent"}})),
      waiting_(connections_.Add({{"state", "waiting"}})),
      newcomers_(connections_.Add({{"state", "new"}})),
      known_(connections_.Add({{"state", "known"}})) {
  auto& refusals = prometheus::BuildCounter()
                       .Name("holdline_connections_refused_total")
                       .Help("gRPC connections closed for the others' sake.")
                       .Register(*registry);
  for (const RefusedConnection::Reason reason : RefusedConnection::kReasons) {
    refusals_[reason] = &refusals.Add({{"reason", ToString(reason)}});
  }
}

void ConnectionMetrics::Counted(const ConnectionCounts& counts) {
  silent_.Set(counts.silent);
  waiting_.Set(counts.waiting);
  newcomers_.Set(counts.newcomers);
  known_.Set(counts.known);
}

void ConnectionMetrics::Refused(const RefusedConnection& connection) {
  refusals_.at(connection.reason)->Increment();
}

}  // namespace holdline
