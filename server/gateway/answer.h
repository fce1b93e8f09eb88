// The HTTP answers of the gateway (DATAPIPELINE sections 12.3 and 12.4).

#ifndef HOLDLINE_SERVER_GATEWAY_ANSWER_H_
#define HOLDLINE_SERVER_GATEWAY_ANSWER_H_

#include <string>

#include "absl/strings/string_view.h"
#include "server/gateway/wire_error.h"

namespace holdline {

struct HttpAnswer {
  // The first line, and the headers that tell of the answer, as they are sent.
  // Those that tell how it is sent are not there yet.
  std::string head;
  std::string body;

  void AddHeader(absl::string_view name, absl::string_view value);
};

// An answer with the headers that all of them have, and no body yet.
HttpAnswer PlainAnswer(int http_status, const std::string& request_id);

// The output of an action as JSON.
HttpAnswer JsonAnswer(std::string body, const std::string& request_id);

// An error in the shape that SDKs read.
HttpAnswer ErrorAnswer(const WireError& error, const std::string& request_id);

// Returns all that is sent before the body. `kept` says whether the connection
// is, for further requests.
std::string HeadOf(const HttpAnswer& answer, bool kept);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_GATEWAY_ANSWER_H_
