#include "server/auth/tls/tls_identity.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "openssl/bio.h"
#include "openssl/evp.h"
#include "openssl/pem.h"
#include "openssl/x509.h"
#include "server/auth/credentials/pem_file.h"
#include "server/auth/credentials/secret_file.h"

namespace holdline {
namespace {

constexpr size_t kPrivateKeyBytesMax = 65536;

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Bio = std::unique_ptr<BIO, Free>;
using Certificate = std::unique_ptr<X509, Free>;
using Key = std::unique_ptr<EVP_PKEY, Free>;

Bio Reading(const std::string& pem) {
  return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

// Nobody is there to be asked for the password of a key.
int NoPassword(char*, int, int, void*) { return -1; }

Certificate FirstCertificate(const std::string& pem) {
  return Certificate(
      PEM_read_bio_X509(Reading(pem).get(), nullptr, NoPassword, nullptr));
}

absl::Status Check(const TlsOptions& options, const TlsIdentity& identity) {
  const Certificate certificate = FirstCertificate(identity.certificate);
  if (certificate == nullptr) {
    return PemFileError(options.certificate_file,
                        "holds no certificate in PEM");
  }
  const Key key(PEM_read_bio_PrivateKey(Reading(identity.private_key).get(),
                                        nullptr, NoPassword, nullptr));
  if (key == nullptr) {
    return PemFileError(options.private_key_file,
                        "holds no private key in PEM without a password");
  }
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    return PemFileError(options.private_key_file,
                        absl::StrCat("is not the key of the certificate in \"",
                                     options.certificate_file, "\""));
  }
  if (!options.client_authorities_file.empty() &&
      FirstCertificate(identity.client_authorities) == nullptr) {
    return PemFileError(options.client_authorities_file,
                        "holds no certificate in PEM");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<TlsIdentity> ReadTlsIdentity(const TlsOptions& options) {
  const absl::StatusOr<std::string> certificate =
      ReadPemFile(options.certificate_file);
  if (!certificate.ok()) return certificate.status();
  const absl::StatusOr<std::string> key =
      ReadSecretFile(options.private_key_file, "key file", kPrivateKeyBytesMax);
  if (!key.ok()) return absl::InvalidArgumentError(key.status().message());
  TlsIdentity identity = {*certificate, *key, ""};
  if (!options.client_authorities_file.empty()) {
    absl::StatusOr<std::string> authorities =
        ReadPemFile(options.client_authorities_file);
    if (!authorities.ok()) return authorities.status();
    identity.client_authorities = *std::move(authorities);
  }
  const absl::Status status = Check(options, identity);
  if (!status.ok()) return status;
  return identity;
}

TlsIdentityFiles::Stamps TlsIdentityFiles::StampsOf(const TlsOptions& options) {
  return {StampOf(options.certificate_file), StampOf(options.private_key_file),
          StampOf(options.client_authorities_file)};
}

absl::StatusOr<std::unique_ptr<TlsIdentityFiles>> TlsIdentityFiles::Open(
    TlsOptions options, OnChange on_change) {
  // Taken before the files are read: what changes meanwhile is read again.
  const Stamps stamps = StampsOf(options);
  absl::StatusOr<TlsIdentity> identity = ReadTlsIdentity(options);
  if (!identity.ok()) return identity.status();
  return std::unique_ptr<TlsIdentityFiles>(new TlsIdentityFiles(
      std::move(options), std::move(on_change), stamps, *std::move(identity)));
}

TlsIdentityFiles::TlsIdentityFiles(TlsOptions options, OnChange on_change,
                                   const Stamps& stamps, TlsIdentity identity)
    : options_(std::move(options)),
      on_change_(std::move(on_change)),
      stamps_(stamps),
      identity_(std::make_shared<const TlsIdentity>(std::move(identity))) {}

std::shared_ptr<const TlsIdentity> TlsIdentityFiles::Current() {
  absl::MutexLock lock(&mutex_);
  const Stamps stamps = StampsOf(options_);
  if (stamps == stamps_) return identity_;
  stamps_ = stamps;
  absl::StatusOr<TlsIdentity> identity = ReadTlsIdentity(options_);
  if (identity.ok()) {
    identity_ = std::make_shared<const TlsIdentity>(*std::move(identity));
  }
  if (on_change_) on_change_(identity.status());
  return identity_;
}

}  // namespace holdline
