// The HTTP answers of the gateway (DATAPIPELINE sections 12.3 and 12.4).

#ifndef HOLDLINE_SERVER_GATEWAY_ANSWER_H_
#define HOLDLINE_SERVER_GATEWAY_ANSWER_H_

#include <string>

#include "absl/strings/string_view.h"
#include "server/gateway/wire_error.h"

namespace holdline {

struct HttpAnswer {
  // The status line and the headers about the content, as they are sent;
  // without those about the connection.
  std::string head;
  std::string body;

  void AddHeader(absl::string_view name, absl::string_view value);
};

// Returns an answer with the common headers and no body.
HttpAnswer PlainAnswer(int http_status, const std::string& request_id);

// The output of an action as JSON.
HttpAnswer JsonAnswer(std::string body, const std::string& request_id);

// An error in the shape that SDKs read.
HttpAnswer ErrorAnswer(const WireError& error, const std::string& request_id);

// Returns the bytes before the body. `kept` is whether the connection stays
// open for further requests.
std::string HeadOf(const HttpAnswer& answer, bool kept);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_GATEWAY_ANSWER_H_
