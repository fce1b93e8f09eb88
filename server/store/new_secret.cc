#include "server/store/new_secret.h"

#include <unistd.h>

#include <cstdlib>

namespace holdline {

std::string NewSecret() {
  std::string secret(kSecretBytes, '\0');
  // Fails only where the kernel has no random numbers at all.
  if (getentropy(secret.data(), secret.size()) != 0) std::abort();
  return secret;
}

}  // namespace holdline
