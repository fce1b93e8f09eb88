// The HTTP answers of the gateway (DATAPIPELINE sections 12.3 and 12.4).

#ifndef HOLDLINE_SERVER_GATEWAY_ANSWER_H_
#define HOLDLINE_SERVER_GATEWAY_ANSWER_H_

#include <string>

#include "boost/beast/http/message.hpp"
#include "boost/beast/http/string_body.hpp"
#include "server/gateway/wire_error.h"

namespace holdline {

using HttpAnswer =
    boost::beast::http::response<boost::beast::http::string_body>;

// An answer with the headers that all of them have, and no body yet.
HttpAnswer PlainAnswer(int http_status, const std::string& request_id);

// The output of an action as JSON.
HttpAnswer JsonAnswer(std::string body, const std::string& request_id);

// An error in the shape that SDKs read.
HttpAnswer ErrorAnswer(const WireError& error, const std::string& request_id);

// Returns the answer as it is sent.
std::string ToBytes(const HttpAnswer& answer);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_GATEWAY_ANSWER_H_
