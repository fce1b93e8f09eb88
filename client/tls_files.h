// What a client needs to speak TLS.

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

  // Whose certificates are believed; empty for those that the system believes.
  std::string authorities;

  // What the client shows, with its chain, and its key. Both empty shows none.
  std::string certificate;
  std::string private_key;
};

// INVALID_ARGUMENT, which names the file and never shows of a key: it cannot be
// read or holds nothing of its kind, or the key is another certificate's.
absl::Status Check(const TlsFiles& files);

// Credentials of a channel. They follow the files: what is in them counts for
// connections that are made two seconds later or more, and those that are there
// go on as they are. As long as the files cannot be used no connection is made.
std::shared_ptr<grpc::ChannelCredentials> ToCredentials(const TlsFiles& files);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_TLS_FILES_H_
