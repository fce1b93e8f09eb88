// The TLS files of a client: CAs, certificate and private key.

#ifndef HOLDLINE_CLIENT_TLS_FILES_H_
#define HOLDLINE_CLIENT_TLS_FILES_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "grpcpp/security/credentials.h"

namespace holdline::client {

// Paths of files, all in PEM.
struct TlsFiles {
  bool enabled = false;

  // The trusted CA certificates; empty for those of the system.
  std::string authorities;

  // The client's certificate chain and private key. Both empty: no certificate.
  std::string certificate;
  std::string private_key;
};

// INVALID_ARGUMENT, which names the file and never shows of a key: it cannot be
// read or holds nothing of its kind, or the key is another certificate's.
absl::Status Check(const TlsFiles& files);

// Credentials of a channel. Changed files are reloaded: they apply to
// connections made two seconds later or more; existing ones continue. While the
// files are invalid no connection is made.
std::shared_ptr<grpc::ChannelCredentials> ToCredentials(const TlsFiles& files);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_TLS_FILES_H_
