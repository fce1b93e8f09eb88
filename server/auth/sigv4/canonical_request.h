// The canonical request, from which a signature is computed.
//
// It is that of Signature Version 4 for every service but S3: the path is
// normalised and encoded once more, the query is sorted, and white space in the
// values of headers is folded.

#ifndef HOLDLINE_SERVER_AUTH_SIGV4_CANONICAL_REQUEST_H_
#define HOLDLINE_SERVER_AUTH_SIGV4_CANONICAL_REQUEST_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/auth/sigv4/authorization_header.h"

namespace holdline {

// A header as it was received.
struct RequestHeader {
  absl::string_view name;
  absl::string_view value;
};

// A request as it was received, but for its body. Its views live as long as
// what they point to.
struct SignedRequest {
  absl::string_view method;
  absl::string_view target;  // path and query
  std::vector<RequestHeader> headers;
};

// The headers of a request by their names in lower case. Headers of one name
// are one, their values joined by commas in the order in which they came.
class CanonicalHeaders {
 public:
  explicit CanonicalHeaders(const std::vector<RequestHeader>& headers);

  CanonicalHeaders(const CanonicalHeaders&) = delete;
  CanonicalHeaders& operator=(const CanonicalHeaders&) = delete;

  // The value of a header with white space folded, or null if there is none.
  const absl::string_view* Find(absl::string_view name) const;

  // How many headers of that name were received.
  int CountOf(absl::string_view name) const;

  // The first name that begins with `prefix` and is not in `names`, which are
  // sorted. Null: all of them are.
  const absl::string_view* FirstNotIn(
      const std::vector<absl::string_view>& names,
      absl::string_view prefix) const;

 private:
  struct Header {
    absl::string_view name;
    absl::string_view value;
    int count;
  };

  // Makes one of those of each name, which follow one another.
  void Join();

  const Header* HeaderNamed(absl::string_view name) const;

  std::string text_;  // names and values, in one piece that stays where it is
  std::vector<Header> headers_;  // by name
};

// Returns the path without `.`, `..` and empty segments, encoded; `/` if it is
// empty.
std::string CanonicalPath(absl::string_view path);

// Returns the parameters of a query, without its `?`: decoded, encoded in one
// way, and sorted by name and value.
std::string CanonicalQuery(absl::string_view query);

// Returns the canonical request up to the hash of the body, which is its last
// line. Nothing: a header that is said to be signed is not there.
std::optional<std::string> CanonicalRequestPrefix(
    const SignedRequest& request, const CanonicalHeaders& headers,
    const AuthorizationHeader& authorization);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_SIGV4_CANONICAL_REQUEST_H_
