// The checks of `Host`: HTTP's rules, and the protection of an open gateway
// against web pages.

#ifndef HOLDLINE_SERVER_GATEWAY_HOST_H_
#define HOLDLINE_SERVER_GATEWAY_HOST_H_

#include <optional>

#include "server/gateway/request.h"
#include "server/gateway/wire_error.h"

namespace holdline {

// Returns why a request's `Host` breaks RFC 9112 section 3.2: HTTP/1.1 wants
// exactly one, HTTP/1.0 may do without, and it must be able to name a host.
std::optional<WireError> RefuseHost(const HttpRequest& request);

// Returns why a request may be a web page's, and must not be served by a
// gateway that asks nobody for credentials. A page that somebody's browser
// shows can send requests to this machine, and, with a DNS name of its own that
// is made to point here, read the answers. So the host must be a name of the
// loopback interface, and there must be no `Origin`, which browsers send with
// every POST and programs do not.
std::optional<WireError> RefuseWebPage(const HttpHeader& header);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_GATEWAY_HOST_H_
