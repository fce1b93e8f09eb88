// The authentication of callers (DATAPIPELINE sections 12.5 and 12.7).
//
// A caller presents an access key and its secret, as `authorization: Bearer
// ACCESSKEY:SECRET`, or a client certificate with a name that the credentials
// list. A gateway, which has verified the signature of its client itself,
// presents its own credential and names the client's access key; the caller is
// then that client.

#ifndef HOLDLINE_SERVER_RPC_ACCESS_AUTHENTICATOR_H_
#define HOLDLINE_SERVER_RPC_ACCESS_AUTHENTICATOR_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/auth/credentials/credential_store.h"
#include "server/auth/credentials/principal.h"
#include "server/rpc/access/caller_claims.h"

namespace holdline {

// The authenticated caller, as of the call's arrival, even if the credentials
// change meanwhile.
using Caller = std::shared_ptr<const Principal>;

// The caller of a call that has not authenticated: no user, in no account.
const Caller& Nobody();

// Thread-safe.
class Authenticator {
 public:
  // `credentials` is not owned and must outlive this. If it is null every
  // caller is LocalPrincipal, whatever it claims.
  explicit Authenticator(const CredentialStore* credentials);

  // Whether callers must authenticate.
  bool required() const { return credentials_ != nullptr; }

  // Returns the caller that the claims prove at `now`. An access key takes
  // precedence over a certificate.
  //
  // The errors are those of server/auth/credentials/credential_check.h, and
  // PERMISSION_DENIED (`AccessDenied`): the call is on behalf of another
  // caller, and the caller is no gateway. An access key that was sent over an
  // unencrypted connection from another host is refused as if it were missing,
  // and the message says why.
  absl::StatusOr<Caller> Identify(const CallerClaims& claims,
                                  absl::Time now) const;

  // The `authorization` of a gateway in this process: random, made with this
  // object and held in memory only.
  std::string gateway_authorization() const;

 private:
  using Current = std::shared_ptr<const Credentials>;

  absl::StatusOr<Caller> IdentifyItself(const Current& credentials,
                                        const CallerClaims& claims,
                                        absl::Time now) const;
  absl::StatusOr<Caller> IdentifyByKey(const Current& credentials,
                                       const CallerClaims& claims,
                                       absl::Time now) const;

  const CredentialStore* const credentials_;
  const std::shared_ptr<const Credentials> gateway_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_ACCESS_AUTHENTICATOR_H_
