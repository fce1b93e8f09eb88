#include "server/rpc/task_token.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/escaping.h"

namespace holdline {
namespace {

constexpr char kVersion = 1;
constexpr size_t kNumberBytes = 8;
constexpr size_t kFieldsBytes = 1 + 2 * kNumberBytes;
constexpr size_t kMacBytes = 32;

// Tells this use of the secret from others.
constexpr absl::string_view kKeyLabel = "holdline task id 1";

void AppendNumber(uint64_t number, std::string* out) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    out->push_back(static_cast<char>(number >> shift));
  }
}

uint64_t NumberAt(absl::string_view bytes, size_t at) {
  uint64_t number = 0;
  for (size_t i = 0; i < kNumberBytes; ++i) {
    number = number << 8 | static_cast<unsigned char>(bytes[at + i]);
  }
  return number;
}

absl::Status NotIssued() {
  return absl::NotFoundError("no task has this taskId");
}

const unsigned char* Bytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

// OpenSSL only fails here if memory has run out or its installation is broken:
// there is nothing that a caller could do.
void CheckCrypto(bool ok) {
  if (ok) return;
  std::fputs("OpenSSL cannot compute HMAC-SHA256\n", stderr);
  std::abort();
}

}  // namespace

void TaskTokens::MacDeleter::operator()(EVP_MAC_CTX* mac) const {
  EVP_MAC_CTX_free(mac);
}

TaskTokens::Mac TaskTokens::MakeMac(absl::string_view key) {
  EVP_MAC* const hmac = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  CheckCrypto(hmac != nullptr);
  Mac mac(EVP_MAC_CTX_new(hmac));
  EVP_MAC_free(hmac);
  char digest[] = "SHA256";
  const OSSL_PARAM parameters[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
      OSSL_PARAM_construct_end()};
  CheckCrypto(mac != nullptr &&
              EVP_MAC_init(mac.get(), Bytes(key), key.size(), parameters) == 1);
  return mac;
}

std::string TaskTokens::Sign(const EVP_MAC_CTX* keyed, const AccountId& account,
                             absl::string_view fields) {
  const Mac mac(EVP_MAC_CTX_dup(keyed));
  std::string signature(kMacBytes, '\0');
  size_t size = 0;
  // The fields have a fixed length, so what follows them is the account.
  CheckCrypto(mac != nullptr &&
              EVP_MAC_update(mac.get(), Bytes(fields), fields.size()) == 1 &&
              EVP_MAC_update(mac.get(), Bytes(account.value),
                             account.value.size()) == 1 &&
              EVP_MAC_final(mac.get(),
                            reinterpret_cast<unsigned char*>(signature.data()),
                            &size, signature.size()) == 1 &&
              size == kMacBytes);
  return signature;
}

TaskTokens::TaskTokens(absl::string_view secret)
    : keyed_(MakeMac(Sign(MakeMac(secret).get(), /*account=*/{}, kKeyLabel))) {}

TaskTokens::~TaskTokens() = default;

std::string TaskTokens::Issue(const AccountId& account,
                              const LeaseName& lease) const {
  std::string token;
  token.reserve(kFieldsBytes + kMacBytes);
  token.push_back(kVersion);
  AppendNumber(static_cast<uint64_t>(lease.task), &token);
  AppendNumber(static_cast<uint64_t>(lease.lease), &token);
  token += Sign(keyed_.get(), account, token);
  return absl::Base64Escape(token);
}

absl::StatusOr<LeaseName> TaskTokens::Read(const AccountId& account,
                                           absl::string_view token) const {
  std::string bytes;
  if (!absl::Base64Unescape(token, &bytes) ||
      bytes.size() != kFieldsBytes + kMacBytes || bytes[0] != kVersion) {
    return NotIssued();
  }
  const LeaseName lease{TaskId{NumberAt(bytes, 1)},
                        LeaseId{NumberAt(bytes, 1 + kNumberBytes)}};
  // Compared as text, so that there is one spelling of each id only.
  const std::string issued = Issue(account, lease);
  if (issued.size() != token.size() ||
      CRYPTO_memcmp(issued.data(), token.data(), issued.size()) != 0) {
    return NotIssued();
  }
  return lease;
}

}  // namespace holdline
