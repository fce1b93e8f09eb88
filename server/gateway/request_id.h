// The ids by which HTTP callers and the logs tell requests apart.

#ifndef HOLDLINE_SERVER_GATEWAY_REQUEST_ID_H_
#define HOLDLINE_SERVER_GATEWAY_REQUEST_ID_H_

#include <string>

namespace holdline {

// Returns a new UUID, version 4. Not for secrets.
std::string MakeGatewayRequestId();

}  // namespace holdline

#endif  // HOLDLINE_SERVER_GATEWAY_REQUEST_ID_H_
