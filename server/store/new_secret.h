// Makes the secret that a store keeps for its life.

#ifndef HOLDLINE_SERVER_STORE_NEW_SECRET_H_
#define HOLDLINE_SERVER_STORE_NEW_SECRET_H_

#include <string>

namespace holdline {

inline constexpr int kSecretBytes = 32;

// Returns kSecretBytes bytes that nobody can guess, from the kernel.
std::string NewSecret();

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_NEW_SECRET_H_
