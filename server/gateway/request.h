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

// Whether the method is one that asks for no action whatever the rest is, and
// that anybody may use: GET, HEAD and OPTIONS.
bool AsksForNoAction(const HttpHeader& header);

// The host and port that a request's target names (RFC 9112 section 3.2.2);
// empty if it names a path only, as almost all do.
absl::string_view AuthorityOfTarget(absl::string_view target);

// Makes the target one that names a path and a query only: what is asked for,
// and what is signed.
void UseOriginForm(HttpHeader& header);

// Returns why the body is not worth reading, by the headers alone; nothing if
// it is.
std::optional<WireError> RefuseByHeaders(const HttpRequest& request);

// Returns the answer to a request that asks for no action: the page for health
// checks, what may be asked (OPTIONS), or that there is nothing here. Returns
// nothing if the request is for an action. A query is ignored.
std::optional<HttpAnswer> AnswerWithoutAction(const HttpRequest& request,
                                              const std::string& request_id);

// The method that the request's one `X-Amz-Target` names, or null. Of two, none
// counts.
const google::protobuf::MethodDescriptor* MethodOf(const HttpHeader& header);

// The most bytes that the body of a request may have, by its headers: as many
// as its method declares, and no more than `any_body_max`.
uint64_t BodyBytesMax(const HttpHeader& header, uint64_t any_body_max);

// Makes `input`, which belongs to `arena`, of a request for `method`, which is
// what MethodOf returns. Returns the first error, in the order of DATAPIPELINE
// section 12.5: there is no such operation, the JSON, the constraints.
std::optional<WireError> ReadInput(
    const HttpRequest& request,
    const google::protobuf::MethodDescriptor* method,
    google::protobuf::Arena* arena, google::protobuf::Message** input);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_GATEWAY_REQUEST_H_
