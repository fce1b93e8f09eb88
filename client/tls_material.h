// What a client needs to speak TLS.

#ifndef HOLDLINE_CLIENT_TLS_MATERIAL_H_
#define HOLDLINE_CLIENT_TLS_MATERIAL_H_

#include <string>

namespace holdline::client {

// All as PEM.
struct TlsMaterial {
  bool enabled = false;

  // Whose certificates are believed; empty for those that the system believes.
  std::string authorities;

  // What the client shows, and its key. Both empty shows none.
  std::string certificate;
  std::string private_key;
};

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_TLS_MATERIAL_H_
