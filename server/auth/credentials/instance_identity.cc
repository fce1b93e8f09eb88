#include "server/auth/credentials/instance_identity.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "boost/json/parse.hpp"
#include "boost/json/value.hpp"
#include "openssl/bio.h"
#include "openssl/err.h"
#include "openssl/pem.h"
#include "openssl/x509.h"
#include "server/auth/credentials/pem_file.h"

namespace holdline {
namespace {

namespace json = boost::json;

constexpr size_t kNameMax = 64;
constexpr size_t kAccountDigits = 12;

// In the words that AWS uses of members that break a rule.
absl::Status IdentityError(absl::string_view constraint) {
  return absl::InvalidArgumentError(
      absl::StrCat("1 validation error detected: Value at 'instanceIdentity' "
                   "failed to satisfy constraint: Member must ",
                   constraint));
}

bool IsSigned(absl::string_view document, absl::string_view signature,
              EVP_PKEY* key) {
  EVP_MD_CTX* const context = EVP_MD_CTX_new();
  const bool good =
      EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, key) == 1 &&
      EVP_DigestVerify(context,
                       reinterpret_cast<const unsigned char*>(signature.data()),
                       signature.size(),
                       reinterpret_cast<const unsigned char*>(document.data()),
                       document.size()) == 1;
  EVP_MD_CTX_free(context);
  // What did not fit leaves a note for whoever asks this thread next.
  ERR_clear_error();
  return good;
}

// The text of a member, if it consists of letters, digits and `-`.
std::string NameAt(const json::object& document, const char* member) {
  const json::value* const value = document.if_contains(member);
  if (value == nullptr || !value->is_string()) return "";
  const std::string name(value->as_string().c_str());
  const bool plain = std::all_of(name.begin(), name.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '-';
  });
  return plain && name.size() <= kNameMax ? name : "";
}

// Returns the machine's name, or nothing if the document does not tell it.
std::string MachineOf(absl::string_view document) {
  json::error_code error;
  const json::value value =
      json::parse(json::string_view(document.data(), document.size()), error);
  if (error || !value.is_object()) return "";
  const json::object& object = value.as_object();
  const std::string instance = NameAt(object, "instanceId");
  const std::string account = NameAt(object, "accountId");
  const bool digits = std::all_of(account.begin(), account.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
  if (instance.empty() || account.size() != kAccountDigits || !digits) {
    return "";
  }
  return absl::StrCat("arn:aws:ec2:", NameAt(object, "region"), ":", account,
                      ":instance/", instance);
}

}  // namespace

absl::StatusOr<std::unique_ptr<InstanceIdentityVerifier>>
InstanceIdentityVerifier::Open(const InstanceIdentityOptions& options) {
  std::unique_ptr<InstanceIdentityVerifier> verifier(
      new InstanceIdentityVerifier(options.policy));
  if (options.policy == InstanceIdentityPolicy::kIgnore) return verifier;
  const auto pem = ReadPemFile(options.authorities_file);
  if (!pem.ok()) return pem.status();
  const absl::Status status = verifier->AddKeys(options.authorities_file, *pem);
  if (!status.ok()) return status;
  return verifier;
}

absl::Status InstanceIdentityVerifier::AddKeys(const std::string& path,
                                               const std::string& pem) {
  BIO* const text = BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size()));
  absl::Status status;
  while (X509* const certificate =
             PEM_read_bio_X509(text, nullptr, nullptr, nullptr)) {
    Key key(X509_get_pubkey(certificate));
    X509_free(certificate);
    if (key == nullptr || EVP_PKEY_get_base_id(key.get()) != EVP_PKEY_RSA) {
      status = PemFileError(path, "holds a certificate whose key is not RSA");
      break;
    }
    keys_.push_back(std::move(key));
  }
  BIO_free(text);
  ERR_clear_error();
  if (status.ok() && keys_.empty()) {
    return PemFileError(path, "holds no certificate in PEM");
  }
  return status;
}

absl::StatusOr<std::string> InstanceIdentityVerifier::Verify(
    absl::string_view document, absl::string_view signature) const {
  if (policy_ == InstanceIdentityPolicy::kIgnore) return std::string();
  if (document.empty() && signature.empty()) {
    if (policy_ == InstanceIdentityPolicy::kVerifyIfPresent) {
      return std::string();
    }
    return IdentityError("not be null");
  }
  std::string bytes;
  const bool is_signed =
      absl::Base64Unescape(signature, &bytes) &&
      std::any_of(keys_.begin(), keys_.end(), [&](const Key& key) {
        return IsSigned(document, bytes, key.get());
      });
  if (!is_signed) {
    return IdentityError("be a document signed by a known issuer");
  }
  std::string machine = MachineOf(document);
  if (machine.empty()) {
    return IdentityError("name an instanceId and an accountId");
  }
  return machine;
}

}  // namespace holdline
