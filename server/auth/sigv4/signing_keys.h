// A cache of signing keys, because deriving one takes four rounds of HMAC and
// the same few are needed all day.

#ifndef HOLDLINE_SERVER_AUTH_SIGV4_SIGNING_KEYS_H_
#define HOLDLINE_SERVER_AUTH_SIGV4_SIGNING_KEYS_H_

#include <cstddef>
#include <deque>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "server/auth/sigv4/signing_key.h"

namespace holdline {

// Lives on one thread.
class SigningKeys {
 public:
  // The most cached keys; beyond, the oldest is removed. A key of a region with
  // a name longer than any real one is not cached.
  static constexpr size_t kKeysMax = 1024;
  static constexpr size_t kRegionBytesMax = 64;

  // Returns the key of a scope, whose secret has no line break in it.
  Sha256Digest Find(const SigningScope& scope);

  // How many are kept.
  size_t size() const { return keys_.size(); }

 private:
  // By all that they are derived from.
  absl::flat_hash_map<std::string, Sha256Digest> keys_;
  std::deque<std::string> order_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_SIGV4_SIGNING_KEYS_H_
