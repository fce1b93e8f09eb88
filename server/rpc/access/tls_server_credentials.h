// TLS credentials of the gRPC server, reloaded when their files change.

#ifndef HOLDLINE_SERVER_RPC_ACCESS_TLS_SERVER_CREDENTIALS_H_
#define HOLDLINE_SERVER_RPC_ACCESS_TLS_SERVER_CREDENTIALS_H_

#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "grpc/grpc_security.h"
#include "grpcpp/security/server_credentials.h"
#include "server/auth/tls/tls_identity.h"

namespace holdline {

// TLS 1.2 and later, with the current identity at each handshake; existing
// connections continue. A client may present no certificate; one that it
// presents is verified against the CAs.
//
// Must outlive the server that it was given to.
class TlsServerCredentials final : public grpc::ServerCredentials {
 public:
  // `files` is not owned and must outlive this. Clients are asked for a
  // certificate if there are CAs to verify it against.
  explicit TlsServerCredentials(TlsIdentityFiles* files);
  ~TlsServerCredentials() override;

  TlsServerCredentials(const TlsServerCredentials&) = delete;
  TlsServerCredentials& operator=(const TlsServerCredentials&) = delete;

  // Not supported: Authenticator authenticates callers.
  void SetAuthMetadataProcessor(
      const std::shared_ptr<grpc::AuthMetadataProcessor>&) override;

 private:
  // Called by gRPC before each handshake to get the certificate.
  static grpc_ssl_certificate_config_reload_status Fetch(
      void* self, grpc_ssl_server_certificate_config** config);

  int AddPortToServer(const std::string& address, grpc_server* server) override;

  TlsIdentityFiles* const files_;
  grpc_server_credentials* credentials_ = nullptr;
  absl::Mutex mutex_;
  std::shared_ptr<const TlsIdentity> given_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_ACCESS_TLS_SERVER_CREDENTIALS_H_
