// Hooks for metrics and logging of the gateway.

#ifndef HOLDLINE_SERVER_GATEWAY_OBSERVER_H_
#define HOLDLINE_SERVER_GATEWAY_OBSERVER_H_

#include <functional>
#include <string>

#include "absl/status/status.h"

namespace holdline {

// A request refused by authentication or rate limit. Admitted calls are
// reported by the services behind the gateway.
struct RefusedRequest {
  // The request id in the response.
  std::string request_id;

  // `Service/Method`, such as `DataPipeline/PollForTask`; empty if the request
  // names none.
  std::string action;

  // The access key that was named; empty if it is unknown. It is not proven
  // that the caller has its secret.
  std::string access_key;

  // The address that it came from.
  std::string peer;

  // The error in the response: its name, and a message that quotes nothing of
  // the request.
  std::string name;
  std::string message;
};

// Callbacks on the gateway's thread, if set. They must not block.
struct GatewayObserver {
  std::function<void(const RefusedRequest&)> on_refused = nullptr;

  // The files for TLS have changed; if not OK, why the old ones still count.
  std::function<void(const absl::Status&)> on_tls_files = nullptr;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_GATEWAY_OBSERVER_H_
