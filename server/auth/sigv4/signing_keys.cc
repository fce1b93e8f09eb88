#include "server/auth/sigv4/signing_keys.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace holdline {

Sha256Digest SigningKeys::Find(const SigningScope& scope) {
  if (scope.region.size() > kRegionBytesMax) return SigningKeyOf(scope);
  std::string name = absl::StrCat(scope.secret, "\n", scope.date, "\n",
                                  scope.region, "\n", scope.service);
  const auto found = keys_.find(name);
  if (found != keys_.end()) return found->second;
  if (keys_.size() == kKeysMax) {
    keys_.erase(order_.front());
    order_.pop_front();
  }
  const Sha256Digest key = SigningKeyOf(scope);
  keys_.emplace(name, key);
  order_.push_back(std::move(name));
  return key;
}

}  // namespace holdline
