#include "server/metrics/connection_metrics.h"

#include <string>

#include "gtest/gtest.h"
#include "server/metrics/metrics.h"
#include "server/metrics/sample.h"

namespace holdline {
namespace {

using Reason = RefusedConnection::Reason;

TEST(ConnectionMetrics, TellsHowManyThereAreOfEachKind) {
  Metrics metrics;
  metrics.rpc_observer().connections.on_counts(
      {.silent = 1, .pending = 2, .unauthenticated = 3, .authenticated = 4});
  int expected = 0;
  for (const char* state :
       {"silent", "pending", "unauthenticated", "authenticated"}) {
    EXPECT_EQ(
        Sample(*metrics.counted(), "holdline_connections", {{"state", state}}),
        ++expected);
  }
}

TEST(ConnectionMetrics, RefusalsAreCountedByTheirReason) {
  Metrics metrics;
  for (const auto& [reason, name] :
       {std::pair(Reason::kTooMany, "too_many"),
        std::pair(Reason::kTooManyOfAddress, "too_many_of_address"),
        std::pair(Reason::kSilent, "silent"),
        std::pair(Reason::kUnauthenticated, "unauthenticated"),
        std::pair(Reason::kTooManyCalls, "too_many_calls")}) {
    const auto count = [&, name = std::string(name)] {
      return Sample(*metrics.counted(), "holdline_connections_refused_total",
                    {{"reason", name}});
    };
    EXPECT_EQ(count(), 0);
    metrics.rpc_observer().connections.on_refused({"192.0.2.1", reason});
    EXPECT_EQ(count(), 1);
  }
}

}  // namespace
}  // namespace holdline
