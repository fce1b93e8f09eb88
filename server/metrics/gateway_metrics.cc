#include "server/metrics/gateway_metrics.h"

#include <cstddef>

#include "server/metrics/families.h"

namespace holdline {
namespace {

// The names of errors that begin so, in the order of the counters.
constexpr const char* kNames[] = {
    "MissingAuthenticationToken", "IncompleteSignature",
    "UnrecognizedClient",         "ExpiredToken",
    "InvalidSignature",           "Throttling"};

}  // namespace

GatewayMetrics::GatewayMetrics(prometheus::Registry* registry)
    : refusals_(AddCounters(
          registry, "holdline_http_refusals_total",
          "HTTP requests refused by authentication or rate limit.", "reason",
          {"missing_authentication_token", "incomplete_signature",
           "unrecognized_client", "expired_token", "invalid_signature",
           "throttling"})) {}

void GatewayMetrics::Refused(const RefusedRequest& request) {
  for (size_t i = 0; i < refusals_.size(); ++i) {
    if (request.name.rfind(kNames[i], 0) == 0) refusals_[i]->Increment();
  }
}

}  // namespace holdline
