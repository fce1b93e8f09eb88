// The keys of the metadata that calls carry over gRPC.

#ifndef HOLDLINE_PROTO_METADATA_KEYS_H_
#define HOLDLINE_PROTO_METADATA_KEYS_H_

namespace holdline {

// The id by which a call is told apart in answers, logs and reports of users:
// 1 to 128 letters, digits, `-`, `_`, `.` or `:`. A caller may choose one; the
// server answers with it in the trailing metadata, but to a gateway.
inline constexpr char kRequestIdKey[] = "x-holdline-request-id";

// The access key with its secret, `Bearer ACCESSKEY:SECRET`, and the session
// token that goes with it.
inline constexpr char kAuthorizationKey[] = "authorization";
inline constexpr char kSessionTokenKey[] = "x-amz-security-token";

// The caller that a gateway speaks for: its access key, or `ACCESSKEY ADDRESS`
// with the address that it has, or nothing. One space is between them, which
// neither has in it. In one entry, because each costs a call some percent of
// what a poll through the gateway does.
inline constexpr char kOnBehalfOfKey[] = "holdline-on-behalf-of";

}  // namespace holdline

#endif  // HOLDLINE_PROTO_METADATA_KEYS_H_
