#include "server/auth/credentials/credentials.h"

#include <utility>

namespace holdline {

Credentials::Credentials(std::vector<Credential> credentials,
                         std::vector<CertificateMapping> certificates) {
  for (Credential& credential : credentials) {
    std::string key = credential.access_key;
    by_key_.insert_or_assign(std::move(key), std::move(credential));
  }
  for (CertificateMapping& mapping : certificates) {
    by_certificate_.insert_or_assign(std::move(mapping.name),
                                     std::move(mapping.principal));
  }
}

const Credential* Credentials::Find(absl::string_view access_key) const {
  const auto found = by_key_.find(access_key);
  return found == by_key_.end() ? nullptr : &found->second;
}

const Principal* Credentials::FindCertificate(absl::string_view name) const {
  const auto found = by_certificate_.find(name);
  return found == by_certificate_.end() ? nullptr : &found->second;
}

}  // namespace holdline
