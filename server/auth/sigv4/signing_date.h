// The dates that signed requests carry (DATAPIPELINE section 12.1).

#ifndef HOLDLINE_SERVER_AUTH_SIGV4_SIGNING_DATE_H_
#define HOLDLINE_SERVER_AUTH_SIGV4_SIGNING_DATE_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace holdline {

struct SigningDate {
  absl::Time time;

  // `20121112T174952Z`: whatever form it was sent in, this one is signed.
  std::string signed_form;
};

// Reads `20121112T174952Z`, as SDKs send it, or what old clients send: the
// dates of RFC 1123 (`Mon, 12 Nov 2012 17:49:52 GMT`), of RFC 850 (`Monday,
// 12-Nov-12 17:49:52 GMT`) and of asctime (`Mon Nov 12 17:49:52 2012`).
// Nothing: it is none of these.
std::optional<SigningDate> ParseSigningDate(absl::string_view text);

// Returns the form that is signed.
std::string FormatSigningDate(absl::Time date);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_SIGV4_SIGNING_DATE_H_
