// TLS contexts of HTTP connections, renewed when their files change.

#ifndef HOLDLINE_SERVER_AUTH_TLS_TLS_CONTEXTS_H_
#define HOLDLINE_SERVER_AUTH_TLS_TLS_CONTEXTS_H_

#include <memory>

#include "absl/status/statusor.h"
#include "boost/asio/ssl/context.hpp"
#include "server/auth/tls/tls_identity.h"
#include "server/auth/tls/tls_options.h"

namespace holdline {

// Makes a context from the server's certificate and key, and a new one when
// their files have changed. Used on one thread, but for Open.
//
// TLS 1.2 and later. Client certificates are not requested: HTTP clients
// authenticate by signature.
class TlsContexts {
 public:
  using Context = std::shared_ptr<boost::asio::ssl::context>;

  // Errors as TlsIdentityFiles::Open, which is also told of changes, and
  // INVALID_ARGUMENT: OpenSSL cannot use what is in the files.
  static absl::StatusOr<std::unique_ptr<TlsContexts>> Open(
      const TlsOptions& options, TlsIdentityFiles::OnChange on_change);

  // Returns the context for a new connection, of the files as they are now, or
  // as they were last valid.
  Context Current();

 private:
  TlsContexts(std::unique_ptr<TlsIdentityFiles> files, Context context);

  const std::unique_ptr<TlsIdentityFiles> files_;
  std::shared_ptr<const TlsIdentity> identity_;  // that of context_
  Context context_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_TLS_TLS_CONTEXTS_H_
