#include "server/auth/sigv4/signature.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/auth/credentials/credential_check.h"
#include "server/auth/sigv4/signing_date.h"
#include "server/base/error_reason.h"

namespace holdline {
namespace {

constexpr char kTerminator[] = "aws4_request";
constexpr char kSignedPrefix[] = "x-amz-";
constexpr char kBodyHashHeader[] = "x-amz-content-sha256";
constexpr char kTokenHeader[] = "x-amz-security-token";

absl::Status MismatchError() {
  return InvalidSignatureError(
      "The request signature we calculated does not match the signature you "
      "provided. Check your AWS Secret Access Key and signing method. Consult "
      "the service documentation for details.");
}

// Whether the query has a parameter that only signatures in queries have.
bool IsSignedInQuery(absl::string_view target) {
  const size_t question = target.find('?');
  if (question == absl::string_view::npos) return false;
  const std::string query =
      absl::StrCat("&", CanonicalQuery(target.substr(question + 1)));
  return absl::StrContains(query, "&X-Amz-Signature=") ||
         absl::StrContains(query, "&X-Amz-Algorithm=");
}

absl::StatusOr<AuthorizationHeader> ReadAuthorization(
    const SignedRequest& request, const CanonicalHeaders& headers) {
  if (IsSignedInQuery(request.target)) {
    return IncompleteCredentialError(
        "The signature must be in the Authorization header, not in the "
        "query.");
  }
  const absl::string_view* const value = headers.Find("authorization");
  if (value == nullptr || value->empty()) return MissingCredentialError();
  if (headers.CountOf("authorization") > 1) {
    return IncompleteCredentialError(
        "There is more than one Authorization header.");
  }
  return ParseAuthorizationHeader(*value);
}

absl::StatusOr<SigningDate> ReadDate(const CanonicalHeaders& headers) {
  const absl::string_view* text = headers.Find("x-amz-date");
  if (text == nullptr) text = headers.Find("date");
  if (text == nullptr) {
    return IncompleteCredentialError(
        "Authorization header requires existence of either a 'X-Amz-Date' or "
        "a 'Date' header.");
  }
  std::optional<SigningDate> date = ParseSigningDate(*text);
  if (date.has_value()) return *std::move(date);
  return IncompleteCredentialError(
      "The date must be in ISO 8601 basic form, such as 20121112T174952Z.");
}

// Temporary credentials come with their session token, and others with none.
// That they have expired is told only to those who know the token.
absl::StatusOr<const Credential*> FindSigner(const Credentials& credentials,
                                             absl::string_view access_key,
                                             const CanonicalHeaders& headers,
                                             absl::Time now) {
  const Credential* const named = credentials.Find(access_key);
  if (named == nullptr) return UnrecognizedClientError();
  const absl::string_view* const token = headers.Find(kTokenHeader);
  if (!SameSecret(named->session_token, token == nullptr ? "" : *token)) {
    return UnrecognizedClientError();
  }
  return FindUsable(credentials, access_key, now);
}

// That nothing of what counts can be changed on the way.
absl::Status CheckSignedHeaders(const AuthorizationHeader& authorization,
                                const CanonicalHeaders& headers) {
  const auto& names = authorization.signed_header_names;
  if (!std::binary_search(names.begin(), names.end(), "host")) {
    return InvalidSignatureError(
        "'Host' must be a 'SignedHeader' in the AWS Authorization.");
  }
  if (headers.FirstNotIn(names, kSignedPrefix) != nullptr) {
    return InvalidSignatureError(
        "Every X-Amz header must be a 'SignedHeader' in the AWS "
        "Authorization.");
  }
  return absl::OkStatus();
}

bool IsDigest(absl::string_view text) {
  return text.size() == 2 * kSha256Bytes &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isxdigit(static_cast<unsigned char>(c)) &&
                  !absl::ascii_isupper(static_cast<unsigned char>(c));
         });
}

bool SignatureFits(const ArrivedSignature& arrived, absl::string_view hash) {
  const std::string canonical = absl::StrCat(arrived.canonical_request, hash);
  const std::string to_sign =
      absl::StrCat(kSigningAlgorithm, "\n", arrived.date, "\n", arrived.scope,
                   "\n", ToHex(Sha256(canonical)));
  return SameSecret(ToHex(HmacSha256(AsBytes(arrived.signing_key), to_sign)),
                    arrived.signature);
}

// Takes over the hash of the body that the headers tell, if they do, and
// verifies the signature with it.
absl::Status TakeToldHash(const CanonicalHeaders& headers,
                          ArrivedSignature* arrived) {
  const absl::string_view* const told = headers.Find(kBodyHashHeader);
  if (told == nullptr) return absl::OkStatus();
  if (!IsDigest(*told)) {
    return InvalidSignatureError(
        "X-Amz-Content-Sha256 must be the SHA-256 of the body in hexadecimal "
        "digits; unsigned bodies are not accepted.");
  }
  if (!SignatureFits(*arrived, *told)) return MismatchError();
  arrived->told_body_hash = std::string(*told);
  return absl::OkStatus();
}

}  // namespace

absl::Status InvalidSignatureError(absl::string_view what) {
  return WithReason(absl::UnauthenticatedError(what),
                    "InvalidSignatureException");
}

SignatureVerifier::SignatureVerifier(SignatureOptions options)
    : options_(std::move(options)) {}

absl::Status SignatureVerifier::CheckScope(
    const AuthorizationHeader& authorization, absl::string_view date) const {
  if (authorization.terminator != kTerminator) {
    return InvalidSignatureError(
        "Credential should be scoped with a valid terminator: "
        "'aws4_request'.");
  }
  if (authorization.service != kSigningService) {
    return InvalidSignatureError(
        absl::StrCat("Credential should be scoped to correct service: '",
                     kSigningService, "'."));
  }
  if (!options_.region.empty() && authorization.region != options_.region) {
    return InvalidSignatureError(
        absl::StrCat("Credential should be scoped to a valid region: '",
                     options_.region, "'."));
  }
  if (date.substr(0, date.find('T')) != authorization.date) {
    return InvalidSignatureError(
        "Date in Credential scope does not match YYYYMMDD of the request's "
        "date.");
  }
  return absl::OkStatus();
}

absl::Status SignatureVerifier::CheckDate(absl::Time date,
                                          absl::Time now) const {
  const absl::Duration most = options_.clock_skew_max;
  if (date >= now - most && date <= now + most) return absl::OkStatus();
  const std::string window = absl::StrCat(absl::ToInt64Minutes(most), " min.)");
  if (date < now - most) {
    return InvalidSignatureError(
        absl::StrCat("Signature expired: ", FormatSigningDate(date),
                     " is now earlier than ", FormatSigningDate(now - most),
                     " (", FormatSigningDate(now), " - ", window));
  }
  return InvalidSignatureError(
      absl::StrCat("Signature not yet current: ", FormatSigningDate(date),
                   " is still later than ", FormatSigningDate(now + most), " (",
                   FormatSigningDate(now), " + ", window));
}

absl::StatusOr<ArrivedSignature> SignatureVerifier::Examine(
    const SignedRequest& request,
    std::shared_ptr<const Credentials> credentials, absl::Time now) {
  const CanonicalHeaders headers(request.headers);
  const auto authorization = ReadAuthorization(request, headers);
  if (!authorization.ok()) return authorization.status();
  auto date = ReadDate(headers);
  if (!date.ok()) return date.status();

  const auto credential =
      FindSigner(*credentials, authorization->access_key, headers, now);
  if (!credential.ok()) return credential.status();
  absl::Status status = CheckScope(*authorization, date->signed_form);
  if (status.ok()) status = CheckDate(date->time, now);
  if (status.ok()) status = CheckSignedHeaders(*authorization, headers);
  if (!status.ok()) return status;

  auto canonical = CanonicalRequestPrefix(request, headers, *authorization);
  if (!canonical.has_value()) {
    return InvalidSignatureError(
        "A header that is a 'SignedHeader' is not in the request.");
  }
  ArrivedSignature arrived{
      .credentials = std::move(credentials),
      .credential = *credential,
      .valid_for = date->time + options_.clock_skew_max - now,
      .signature = std::string(authorization->signature),
      .canonical_request = *std::move(canonical),
      .scope = absl::StrCat(authorization->date, "/", authorization->region,
                            "/", authorization->service, "/", kTerminator),
      .date = std::move(date->signed_form),
      .signing_key =
          keys_.Find({(*credential)->secret, authorization->date,
                      authorization->region, authorization->service}),
      .told_body_hash = std::nullopt};
  status = TakeToldHash(headers, &arrived);
  if (!status.ok()) return status;
  return arrived;
}

absl::Status SignatureVerifier::Verify(const ArrivedSignature& arrived,
                                       const Sha256Digest& body_hash) const {
  const std::string hash = ToHex(body_hash);
  const bool fits = arrived.told_body_hash.has_value()
                        ? *arrived.told_body_hash == hash
                        : SignatureFits(arrived, hash);
  return fits ? absl::OkStatus() : MismatchError();
}

}  // namespace holdline
