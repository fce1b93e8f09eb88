// Interpretation of an HTTP request: its action, limits and input.

#ifndef HOLDLINE_SERVER_GATEWAY_REQUEST_H_
#define HOLDLINE_SERVER_GATEWAY_REQUEST_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "boost/beast/http/message.hpp"
#include "boost/beast/http/string_body.hpp"
#include "google/protobuf/arena.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "server/gateway/answer.h"
#include "server/gateway/wire_error.h"

namespace holdline {

using HttpRequest =
    boost::beast::http::request<boost::beast::http::string_body>;

// A request without its body.
using HttpHeader = HttpRequest::header_type;

// Whether the HTTP method asks for no action and needs no credentials: GET,
// HEAD and OPTIONS.
bool AsksForNoAction(const HttpHeader& header);

// The host and port that a request's target names (RFC 9112 section 3.2.2);
// empty if it names a path only, as almost all do.
absl::string_view AuthorityOfTarget(absl::string_view target);

// Reduces the target to path and query, which are what is signed.
void UseOriginForm(HttpHeader& header);

// Returns an error by the headers alone, for which the body need not be read;
// or nothing.
std::optional<WireError> RefuseByHeaders(const HttpRequest& request);

// Returns the answer to a request without an action: the page for health
// checks, the allowed methods (OPTIONS), or not found; nothing if the request
// is for an action. A query is ignored.
std::optional<HttpAnswer> AnswerWithoutAction(const HttpRequest& request,
                                              const std::string& request_id);

// Returns the method of the `X-Amz-Target` header, or null, also if there are
// two.
const google::protobuf::MethodDescriptor* MethodOf(const HttpHeader& header);

// Returns the most bytes of the body, by the headers: the maximum of the
// method, and no more than `any_body_max`.
uint64_t BodyBytesMax(const HttpHeader& header, uint64_t any_body_max);

// Parses a request for `method`, which MethodOf returned, to `input`, owned by
// `arena`. Returns the first error, in the order of DATAPIPELINE section 12.5:
// unknown operation, JSON, constraints.
std::optional<WireError> ReadInput(
    const HttpRequest& request,
    const google::protobuf::MethodDescriptor* method,
    google::protobuf::Arena* arena, google::protobuf::Message** input);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_GATEWAY_REQUEST_H_
