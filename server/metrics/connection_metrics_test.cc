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
      {.silent = 1, .waiting = 2, .newcomers = 3, .known = 4});
  int expected = 0;
  for (const char* state : {"silent", "waiting", "new", "known"}) {
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
        std::pair(Reason::kUnknown, "unknown"),
        std::pair(Reason::kVoidCalls, "void_calls")}) {
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
