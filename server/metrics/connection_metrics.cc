#include "server/metrics/connection_metrics.h"

#include <cstddef>

#include "server/metrics/families.h"

namespace holdline {

ConnectionMetrics::ConnectionMetrics(prometheus::Registry* registry)
    : connections_(prometheus::BuildGauge()
                       .Name("holdline_connections")
                       .Help("gRPC connections, by what is known of them.")
                       .Register(*registry)),
      silent_(connections_.Add({{"state", "silent"}})),
      waiting_(connections_.Add({{"state", "waiting"}})),
      newcomers_(connections_.Add({{"state", "new"}})),
      known_(connections_.Add({{"state", "known"}})),
      refusals_(AddCounters(registry, "holdline_connections_refused_total",
                            "gRPC connections closed for the others' sake.",
                            "reason",
                            {"too_many", "too_many_of_address", "silent",
                             "unknown", "void_calls"})) {}

void ConnectionMetrics::Counted(const ConnectionCounts& counts) {
  silent_.Set(counts.silent);
  waiting_.Set(counts.waiting);
  newcomers_.Set(counts.newcomers);
  known_.Set(counts.known);
}

void ConnectionMetrics::Refused(const RefusedConnection& connection) {
  refusals_[static_cast<size_t>(connection.reason)]->Increment();
}

}  // namespace holdline
