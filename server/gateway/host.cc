#include "server/gateway/host.h"

#include "absl/strings/string_view.h"
#include "server/base/listen_address.h"

namespace holdline {
namespace {

namespace http = boost::beast::http;

// What a host and a port are made of (RFC 3986 section 3.2.2), without `@`.
constexpr absl::string_view kHostCharacters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    "-._~%!$&'()*+,;=:[]";

absl::string_view View(boost::beast::string_view text) {
  return absl::string_view(text.data(), text.size());
}

// The host that is asked, with its port. A target that names one goes over
// `Host`.
absl::string_view AuthorityOf(const HttpHeader& header) {
  const absl::string_view named = AuthorityOfTarget(View(header.target()));
  return named.empty() ? View(header[http::field::host]) : named;
}

}  // namespace

std::optional<WireError> RefuseHost(const HttpRequest& request) {
  const size_t count = request.count(http::field::host);
  if (count > 1 || (count == 0 && request.version() >= 11)) {
    return SerializationError("HTTP/1.1 requires exactly one Host header.");
  }
  if (AuthorityOf(request).find_first_not_of(kHostCharacters) !=
      absl::string_view::npos) {
    return SerializationError("The Host header names no host.");
  }
  return std::nullopt;
}

std::optional<WireError> RefuseWebPage(const HttpHeader& header) {
  const bool old_program =
      header.version() < 11 && header.count(http::field::host) == 0;
  if (header.count(http::field::origin) == 0 &&
      (old_program || NamesLoopback(AuthorityOf(header)))) {
    return std::nullopt;
  }
  return WireError{
      403, "AccessDenied",
      "Without credentials, only programs on this machine are served, and no "
      "web pages: the Host must be localhost, 127.0.0.1 or [::1], and there "
      "must be no Origin. To be reached by another name, the server needs "
      "credentials (--credentials-file)."};
}

}  // namespace holdline
