// What the gateway tells those who keep watch.

#ifndef HOLDLINE_SERVER_GATEWAY_OBSERVER_H_
#define HOLDLINE_SERVER_GATEWAY_OBSERVER_H_

#include <functional>
#include <string>

#include "absl/status/status.h"

namespace holdline {

// A request that was refused because of who sent it, or how often. What is let
// through is told by the services behind the gateway.
struct RefusedRequest {
  // The id that the caller was told.
  std::string request_id;

  // `Service/Method`, such as `DataPipeline/PollForTask`; empty if the request
  // names none.
  std::string action;

  // Whose access key was named; empty if it is none that is known. It is not
  // proved that the caller has its secret.
  std::string access_key;

  // The address that it came from.
  std::string peer;

  // The error as the caller was told: its name, and a sentence that holds
  // nothing of what the caller sent.
  std::string name;
  std::string message;
};

// Functions that are called on the gateway's thread, if set. They must not
// block.
struct GatewayObserver {
  std::function<void(const RefusedRequest&)> on_refused = nullptr;

  // The files for TLS have changed; if not OK, why the old ones still count.
  std::function<void(const absl::Status&)> on_tls_files = nullptr;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_GATEWAY_OBSERVER_H_
