#include "server/auth/credentials/key_file.h"

#include "absl/strings/str_cat.h"
#include "server/auth/credentials/secret_file.h"

namespace holdline {

absl::StatusOr<std::string> ReadKeyFile(const std::string& path) {
  absl::StatusOr<std::string> key =
      ReadSecretFile(path, "key file", kKeyBytesMax + 1);
  if (!key.ok()) return key;
  if (!key->empty() && key->back() == '\n') key->pop_back();
  if (key->size() < kKeyBytesMin || key->size() > kKeyBytesMax) {
    return absl::InvalidArgumentError(
        absl::StrCat("the key file \"", path, "\" must hold a key of ",
                     kKeyBytesMin, " to ", kKeyBytesMax, " bytes"));
  }
  return key;
}

}  // namespace holdline
