// The certificate files for TLS.

#ifndef HOLDLINE_SERVER_AUTH_TLS_TLS_OPTIONS_H_
#define HOLDLINE_SERVER_AUTH_TLS_TLS_OPTIONS_H_

#include <string>

namespace holdline {

// Paths of PEM files, which are read anew when they change.
struct TlsOptions {
  // The server's certificate with its chain, and its private key. Both are
  // given, or neither: then the server speaks without TLS.
  std::string certificate_file;
  std::string private_key_file;

  // The CAs of client certificates; empty requests none.
  std::string client_authorities_file;

  bool enabled() const { return !certificate_file.empty(); }
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_TLS_TLS_OPTIONS_H_
