// The generator of a store's secret.

#ifndef HOLDLINE_SERVER_STORE_NEW_SECRET_H_
#define HOLDLINE_SERVER_STORE_NEW_SECRET_H_

#include <string>

namespace holdline {

inline constexpr int kSecretBytes = 32;

// Returns kSecretBytes random bytes from the kernel's generator.
std::string NewSecret();

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_NEW_SECRET_H_
