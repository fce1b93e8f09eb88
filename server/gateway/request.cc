#include "server/gateway/request.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "server/contract/method_contract.h"
#include "server/gateway/host.h"
#include "server/gateway/json_reader.h"
#include "server/gateway/target.h"

namespace holdline {
namespace {

namespace http = boost::beast::http;

using ::google::protobuf::MessageFactory;

constexpr absl::string_view kSchemes[] = {"http://", "https://"};

constexpr char kTargetHeader[] = "X-Amz-Target";

constexpr std::array<absl::string_view, 3> kContentTypes = {
    "application/x-amz-json-1.1", "application/x-amz-json-1.0",
    "application/json"};

// Of requests that name no method that there is.
constexpr int64_t kOtherBodyBytesMax = 128 << 10;

absl::string_view ToAbsl(boost::beast::string_view text) {
  return absl::string_view(text.data(), text.size());
}

// The media type without its parameters.
absl::string_view MediaTypeOf(const HttpRequest& request) {
  const absl::string_view whole = ToAbsl(request[http::field::content_type]);
  return absl::StripAsciiWhitespace(whole.substr(0, whole.find(';')));
}

bool IsJson(absl::string_view media_type) {
  for (absl::string_view known : kContentTypes) {
    if (absl::EqualsIgnoreCase(media_type, known)) return true;
  }
  return false;
}

// The one path that there is, with any query; or, for OPTIONS, the whole
// server.
bool AsksForRoot(const HttpRequest& request) {
  const absl::string_view target = ToAbsl(request.target());
  const absl::string_view path = target.substr(0, target.find('?'));
  return path == "/" || path.empty() ||
         (path == "*" && request.method() == http::verb::options);
}

WireError NotHere(int http_status, std::string message) {
  return {http_status, "UnknownOperationException", std::move(message)};
}

}  // namespace

bool AsksForNoAction(const HttpHeader& header) {
  return header.method() == http::verb::get ||
         header.method() == http::verb::head ||
         header.method() == http::verb::options;
}

absl::string_view AuthorityOfTarget(absl::string_view target) {
  for (const absl::string_view scheme : kSchemes) {
    if (!absl::StartsWithIgnoreCase(target, scheme)) continue;
    target.remove_prefix(scheme.size());
    return target.substr(0, target.find_first_of("/?#"));
  }
  return {};
}

void UseOriginForm(HttpHeader& header) {
  absl::string_view target = ToAbsl(header.target());
  const absl::string_view authority = AuthorityOfTarget(target);
  if (authority.empty()) return;
  target.remove_prefix(authority.end() - target.begin());
  // HTTP sends `/` for an empty path, which a query may follow.
  header.target(target.empty() ? "/" : std::string(target));
}

std::optional<WireError> RefuseByHeaders(const HttpRequest& request) {
  const absl::string_view transfer =
      ToAbsl(request[http::field::transfer_encoding]);
  if (!transfer.empty() && !absl::EqualsIgnoreCase(transfer, "chunked")) {
    return WireError{501, "SerializationException",
                     "The only supported Transfer-Encoding is chunked."};
  }
  if (!transfer.empty() && request.version() < 11) {
    return SerializationError("A Transfer-Encoding needs HTTP/1.1.");
  }
  const absl::string_view expect = ToAbsl(request[http::field::expect]);
  if (!expect.empty() && !absl::EqualsIgnoreCase(expect, "100-continue")) {
    return WireError{417, "SerializationException",
                     "The only supported Expect is 100-continue."};
  }
  return RefuseHost(request);
}

std::optional<HttpAnswer> AnswerWithoutAction(const HttpRequest& request,
                                              const std::string& request_id) {
  if (!AsksForRoot(request)) {
    return ErrorAnswer(NotHere(404, "The only path is /."), request_id);
  }
  if (request.method() == http::verb::post) return std::nullopt;
  HttpAnswer answer = PlainAnswer(200, request_id);
  switch (request.method()) {
    case http::verb::get:
    case http::verb::head:
      answer.AddHeader("Content-Type", "text/plain");
      answer.body = "Holdline serves the AWS Data Pipeline API here.\n";
      return answer;
    case http::verb::options:
      answer.AddHeader("Allow", "GET, HEAD, OPTIONS, POST");
      return answer;
    default:
      answer = ErrorAnswer(NotHere(405, "Actions require POST."), request_id);
      answer.AddHeader("Allow", "GET, HEAD, OPTIONS, POST");
      return answer;
  }
}

const google::protobuf::MethodDescriptor* MethodOf(const HttpHeader& header) {
  if (header.count(kTargetHeader) != 1) return nullptr;
  return FindTarget(ToAbsl(header[kTargetHeader]));
}

uint64_t BodyBytesMax(const HttpHeader& header, uint64_t any_body_max) {
  const google::protobuf::MethodDescriptor* method = MethodOf(header);
  const int64_t declared = method == nullptr
                               ? kOtherBodyBytesMax
                               : ContractOf(method).request_bytes_max();
  return std::min(static_cast<uint64_t>(declared), any_body_max);
}

std::optional<WireError> ReadInput(
    const HttpRequest& request,
    const google::protobuf::MethodDescriptor* method,
    google::protobuf::Arena* arena, google::protobuf::Message** input) {
  if (method == nullptr) {
    return UnknownOperationError(
        "There must be exactly one X-Amz-Target header, and it must name a "
        "known action, such as DataPipeline.PollForTask.");
  }
  const absl::string_view encoding =
      ToAbsl(request[http::field::content_encoding]);
  if (!encoding.empty() && !absl::EqualsIgnoreCase(encoding, "identity")) {
    return WireError{415, "SerializationException",
                     "The body must not have a Content-Encoding."};
  }
  const absl::string_view media_type = MediaTypeOf(request);
  if (!media_type.empty() && !IsJson(media_type)) {
    return WireError{415, "SerializationException",
                     "The Content-Type must be application/x-amz-json-1.1."};
  }
  *input = MessageFactory::generated_factory()
               ->GetPrototype(method->input_type())
               ->New(arena);
  return ReadJson(request.body(), *input,
                  ContractOf(method).request_values_max());
}

}  // namespace holdline
