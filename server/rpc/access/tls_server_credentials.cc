#include "server/rpc/access/tls_server_credentials.h"

#include <cstdlib>
#include <string>

#include "grpc/grpc.h"

namespace holdline {

// gRPC's own watcher of files looks once a second, and serves nobody while they
// do not fit together. This way a change counts for the next handshake, and one
// that makes no sense is passed over.
TlsServerCredentials::TlsServerCredentials(TlsIdentityFiles* files)
    : files_(files) {
  const bool ask = !files->Current()->client_authorities.empty();
  credentials_ = grpc_ssl_server_credentials_create_with_options(
      grpc_ssl_server_credentials_create_options_using_config_fetcher(
          ask ? GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY
              : GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE,
          &Fetch, this));
}

TlsServerCredentials::~TlsServerCredentials() {
  grpc_server_credentials_release(credentials_);
}

void TlsServerCredentials::SetAuthMetadataProcessor(
    const std::shared_ptr<grpc::AuthMetadataProcessor>&) {
  std::abort();
}

grpc_ssl_certificate_config_reload_status TlsServerCredentials::Fetch(
    void* self, grpc_ssl_server_certificate_config** config) {
  auto& credentials = *static_cast<TlsServerCredentials*>(self);
  absl::MutexLock lock(&credentials.mutex_);
  std::shared_ptr<const TlsIdentity> identity = credentials.files_->Current();
  if (identity == credentials.given_) {
    return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
  }
  const grpc_ssl_pem_key_cert_pair pair = {identity->private_key.c_str(),
                                           identity->certificate.c_str()};
  // gRPC wants some authorities, even where no client is asked.
  const std::string& authorities = identity->client_authorities.empty()
                                       ? identity->certificate
                                       : identity->client_authorities;
  *config =
      grpc_ssl_server_certificate_config_create(authorities.c_str(), &pair, 1);
  credentials.given_ = std::move(identity);
  return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
}

int TlsServerCredentials::AddPortToServer(const std::string& address,
                                          grpc_server* server) {
  return grpc_server_add_http2_port(server, address.c_str(), credentials_);
}

}  // namespace holdline
