// The `Authorization` header of Signature Version 4 (DATAPIPELINE section
// 12.1).

#ifndef HOLDLINE_SERVER_AUTH_SIGV4_AUTHORIZATION_HEADER_H_
#define HOLDLINE_SERVER_AUTH_SIGV4_AUTHORIZATION_HEADER_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace holdline {

// The content of the header, not yet verified.
struct AuthorizationHeader {
  // The credential: who signs, and the scope that the signing key is for.
  absl::string_view access_key;
  absl::string_view date;  // `20121112`
  absl::string_view region;
  absl::string_view service;
  absl::string_view terminator;  // should be `aws4_request`

  // Those names, as they were sent with `;` between them, and one by one: in
  // lower case, in order, each once.
  absl::string_view signed_headers;
  std::vector<absl::string_view> signed_header_names;

  absl::string_view signature;
};

inline constexpr char kSigningAlgorithm[] = "AWS4-HMAC-SHA256";

// Reads the header's value; the result points into it.
//
// IncompleteCredentialError, which says what is wrong: the algorithm is another
// one; a part is missing, empty, unknown or there twice; the credential has too
// few parts; or the names of the headers are not in their one order. Only one
// order can have been signed, and taking others would be guessing.
absl::StatusOr<AuthorizationHeader> ParseAuthorizationHeader(
    absl::string_view value);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_SIGV4_AUTHORIZATION_HEADER_H_
