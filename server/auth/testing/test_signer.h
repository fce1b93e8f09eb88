// For tests: signs requests as an SDK does.

#ifndef HOLDLINE_SERVER_AUTH_TESTING_TEST_SIGNER_H_
#define HOLDLINE_SERVER_AUTH_TESTING_TEST_SIGNER_H_

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/auth/sigv4/signing_key.h"

namespace holdline {

struct TestSigner {
  std::string access_key = "AKID";
  std::string secret = "secret";
  std::string region = "us-east-1";
  std::string service = "datapipeline";

  // The day that the scope names, such as `20121112`; empty: that of the date.
  std::string scope_day = {};

  // Returns the Authorization header of `POST /`. The headers' names are in
  // lower case, their values without needless space; all of them are signed.
  // `x-amz-date` is among them.
  std::string Sign(const std::map<std::string, std::string>& headers,
                   const std::string& body) const {
    return SignAt(headers.at("x-amz-date"), headers, body);
  }

  // The same with the date apart, such as `20121112T174952Z`; the headers may
  // have it in another form.
  std::string SignAt(const std::string& date,
                     const std::map<std::string, std::string>& headers,
                     const std::string& body) const {
    std::string canonical = "POST\n/\n\n";
    std::string names;
    for (const auto& [name, value] : headers) {
      absl::StrAppend(&canonical, name, ":", value, "\n");
      absl::StrAppend(&names, names.empty() ? "" : ";", name);
    }
    absl::StrAppend(&canonical, "\n", names, "\n", ToHex(Sha256(body)));
    const std::string day = scope_day.empty() ? date.substr(0, 8) : scope_day;
    const std::string scope =
        absl::StrCat(day, "/", region, "/", service, "/aws4_request");
    const std::string to_sign =
        absl::StrCat("AWS4-HMAC-SHA256\n", date, "\n", scope, "\n",
                     ToHex(Sha256(canonical)));
    const Sha256Digest key = SigningKeyOf({secret, day, region, service});
    return absl::StrCat("AWS4-HMAC-SHA256 Credential=", access_key, "/", scope,
                        ", SignedHeaders=", names, ", Signature=",
                        ToHex(HmacSha256(AsBytes(key), to_sign)));
  }
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_TESTING_TEST_SIGNER_H_
