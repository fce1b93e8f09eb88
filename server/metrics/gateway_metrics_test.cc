#include "server/metrics/gateway_metrics.h"

#include <string>

#include "gtest/gtest.h"
#include "server/metrics/metrics.h"
#include "server/metrics/sample.h"

namespace holdline {
namespace {

TEST(GatewayMetrics, RefusalsAreCountedByTheirReason) {
  Metrics metrics;
  const auto count = [&](const std::string& reason) {
    return Sample(*metrics.counted(), "holdline_http_refusals_total",
                  {{"reason", reason}});
  };
  const auto refuse = [&](const std::string& name) {
    RefusedRequest request;
    request.name = name;
    metrics.gateway_observer().on_refused(request);
  };
  EXPECT_EQ(count("invalid_signature"), 0);
  refuse("InvalidSignatureException");
  refuse("InvalidSignatureException");
  refuse("ThrottlingException");
  refuse("SomethingElse");
  EXPECT_EQ(count("invalid_signature"), 2);
  EXPECT_EQ(count("throttling"), 1);
  for (const auto& [name, reason] :
       {std::pair("MissingAuthenticationTokenException",
                  "missing_authentication_token"),
        std::pair("IncompleteSignatureException", "incomplete_signature"),
        std::pair("UnrecognizedClientException", "unrecognized_client"),
        std::pair("ExpiredTokenException", "expired_token")}) {
    EXPECT_EQ(count(reason), 0);
    refuse(name);
    EXPECT_EQ(count(reason), 1);
  }
}

}  // namespace
}  // namespace holdline
