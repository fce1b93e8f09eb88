// The version of the client.

#ifndef HOLDLINE_CLIENT_VERSION_H_
#define HOLDLINE_CLIENT_VERSION_H_

namespace holdline::client {

inline constexpr char kVersion[] = "0.1.0";

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_VERSION_H_
