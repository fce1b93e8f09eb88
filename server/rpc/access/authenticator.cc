#include "server/rpc/access/authenticator.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/auth/credentials/credential_check.h"
#include "server/auth/credentials/new_credential.h"
#include "server/base/error_reason.h"

namespace holdline {
namespace {

constexpr absl::string_view kScheme = "Bearer ";

// Not a name that a credentials file may hold.
constexpr char kGatewayKey[] = "@gateway";

Credentials NewGateway() {
  Credential gateway;
  gateway.access_key = kGatewayKey;
  // Fails only where the system has no random numbers at all.
  gateway.secret = RandomSecret().value();
  gateway.principal.account = AccountId{kLocalAccount};
  gateway.principal.user = "gateway";
  gateway.principal.access_key = kGatewayKey;
  gateway.principal.roles = {Role::kGateway};
  return Credentials({std::move(gateway)}, {});
}

// A part of a set that keeps the whole of it.
Caller PartOf(std::shared_ptr<const Credentials> credentials,
              const Principal* principal) {
  return Caller(std::move(credentials), principal);
}

absl::Status NotEncryptedError() {
  return WithReason(
      absl::UnauthenticatedError(
          "access keys are accepted only over TLS or from this host"),
      "MissingAuthenticationTokenException");
}

absl::Status NoGatewayError(const Principal& caller) {
  return WithReason(absl::PermissionDeniedError(absl::StrCat(
                        "User: ", caller.Arn(),
                        " is not authorized to call on behalf of others")),
                    "AccessDenied");
}

}  // namespace

const Caller& Nobody() {
  static const Caller* const nobody =
      new Caller(std::make_shared<const Principal>());
  return *nobody;
}

Authenticator::Authenticator(const CredentialStore* credentials)
    : credentials_(credentials),
      gateway_(std::make_shared<const Credentials>(NewGateway())) {}

absl::StatusOr<Caller> Authenticator::Identify(const CallerClaims& claims,
                                               absl::Time now) const {
  static const Caller* const local =
      new Caller(std::make_shared<const Principal>(LocalPrincipal()));
  if (credentials_ == nullptr) return *local;
  const Current current = credentials_->current();
  absl::StatusOr<Caller> caller = IdentifyItself(current, claims, now);
  if (!caller.ok() || !claims.on_behalf_of.has_value()) return caller;
  if (!(*caller)->roles.Has(Role::kGateway)) return NoGatewayError(**caller);
  const absl::StatusOr<const Credential*> other =
      FindUsable(*current, *claims.on_behalf_of, now);
  if (!other.ok()) return other.status();
  return PartOf(current, &(*other)->principal);
}

absl::StatusOr<Caller> Authenticator::IdentifyItself(const Current& credentials,
                                                     const CallerClaims& claims,
                                                     absl::Time now) const {
  if (claims.ambiguous) {
    return IncompleteCredentialError("credentials must be given exactly once");
  }
  if (!claims.authorization.empty()) {
    return IdentifyByKey(credentials, claims, now);
  }
  for (const std::string& name : claims.certificate_names) {
    const Principal* const found = credentials->FindCertificate(name);
    if (found != nullptr) return PartOf(credentials, found);
  }
  return claims.certificate_names.empty() ? MissingCredentialError()
                                          : UnrecognizedClientError();
}

absl::StatusOr<Caller> Authenticator::IdentifyByKey(const Current& credentials,
                                                    const CallerClaims& claims,
                                                    absl::Time now) const {
  const absl::string_view scheme =
      claims.authorization.substr(0, kScheme.size());
  const size_t colon = claims.authorization.find(':');
  if (!absl::EqualsIgnoreCase(scheme, kScheme) ||
      colon == absl::string_view::npos) {
    return IncompleteCredentialError(
        "authorization must be `Bearer ACCESSKEY:SECRET`");
  }
  const absl::string_view key =
      claims.authorization.substr(kScheme.size(), colon - kScheme.size());
  // Calls within the process come from nowhere, as gRPC tells it.
  const bool own = key == kGatewayKey;
  if (!own && !claims.confidential) return NotEncryptedError();
  const Current& set = own ? gateway_ : credentials;
  const absl::StatusOr<const Credential*> found =
      CheckSecret(*set, key, claims.authorization.substr(colon + 1),
                  claims.session_token, now);
  if (!found.ok()) return found.status();
  return PartOf(set, &(*found)->principal);
}

std::string Authenticator::gateway_authorization() const {
  return absl::StrCat(kScheme, kGatewayKey, ":",
                      gateway_->Find(kGatewayKey)->secret);
}

}  // namespace holdline
