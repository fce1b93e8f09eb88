// Syntax of the parts of a credential.

#ifndef HOLDLINE_SERVER_AUTH_CREDENTIALS_CREDENTIAL_TEXT_H_
#define HOLDLINE_SERVER_AUTH_CREDENTIALS_CREDENTIAL_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace holdline {

// 1 to 128 letters, digits and `_`: what can stand in a signature's scope and
// before a colon.
bool IsAccessKey(absl::string_view text);

// 16 to 1024 bytes of visible ASCII, which headers and environments carry. Of a
// session token up to 4096.
bool IsSecret(absl::string_view text);
bool IsSessionToken(absl::string_view text);

// 12 digits.
bool IsAccount(absl::string_view text);

// 1 to 64 letters, digits and any of `_+=,.@-`, as AWS has them.
bool IsUser(absl::string_view text);

// A worker group of 1 to 1024 bytes, or the beginning of some and a `*`.
bool IsWorkerGroupPattern(absl::string_view text);

// 1 to 1024 bytes of visible ASCII: a DNS name or a URI.
bool IsCertificateName(absl::string_view text);

// Descriptions of the forms for error messages, after `must `.
inline constexpr char kAccessKeyForm[] = "have 1 to 128 letters, digits and _";
inline constexpr char kSecretForm[] = "have 16 to 1024 bytes of visible ASCII";
inline constexpr char kSessionTokenForm[] =
    "have 16 to 4096 bytes of visible ASCII";
inline constexpr char kAccountForm[] = "have 12 digits";
inline constexpr char kUserForm[] =
    "have 1 to 64 letters, digits and any of _+=,.@-";
inline constexpr char kWorkerGroupPatternForm[] =
    "have 1 to 1024 bytes, and a * at its end only";
inline constexpr char kCertificateNameForm[] =
    "have 1 to 1024 bytes of visible ASCII";
inline constexpr char kHoldMaxForm[] = "be a length from 1s to 90s, as 50s";
inline constexpr char kExpiryForm[] =
    "be a time as 2030-01-31T08:00:00Z has it";

// Reads how long polls are held at most: 1 to 90 seconds. False: it is not.
bool ReadHoldMax(absl::string_view text, absl::Duration* hold_max);

// Reads a time in RFC 3339. False: it is not.
bool ReadExpiry(absl::string_view text, absl::Time* expires_at);

// Returns what ReadExpiry reads, in UTC.
std::string ExpiryText(absl::Time expires_at);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_CREDENTIALS_CREDENTIAL_TEXT_H_
