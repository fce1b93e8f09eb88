#include "client/tls_files.h"

#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "grpcpp/security/tls_certificate_provider.h"
#include "grpcpp/security/tls_credentials_options.h"
#include "openssl/bio.h"
#include "openssl/evp.h"
#include "openssl/pem.h"
#include "openssl/x509.h"

namespace holdline::client {
namespace {

using ::grpc::experimental::FileWatcherCertificateProvider;
using ::grpc::experimental::TlsChannelCredentialsOptions;

// How often gRPC looks whether the files have changed.
constexpr unsigned kLookSeconds = 1;

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Bio = std::unique_ptr<BIO, Free>;
using Certificate = std::unique_ptr<X509, Free>;
using Key = std::unique_ptr<EVP_PKEY, Free>;

// The content of a file; nothing if it cannot be read.
Bio Reading(const std::string& path) {
  std::ifstream file(path);
  const std::string content((std::istreambuf_iterator<char>(file)),
                            std::istreambuf_iterator<char>());
  Bio bio(BIO_new(BIO_s_mem()));
  BIO_write(bio.get(), content.data(), static_cast<int>(content.size()));
  return bio;
}

// Nobody is there to be asked for the password of a key.
int NoPassword(char*, int, int, void*) { return -1; }

Certificate FirstCertificate(const std::string& path) {
  return Certificate(
      PEM_read_bio_X509(Reading(path).get(), nullptr, NoPassword, nullptr));
}

absl::Status Refused(const std::string& path, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("The file ", path, " ", why, "."));
}

absl::Status CheckPair(const TlsFiles& files) {
  const Certificate certificate = FirstCertificate(files.certificate);
  if (certificate == nullptr) {
    return Refused(files.certificate,
                   "cannot be read, or holds no certificate in PEM");
  }
  const Key key(PEM_read_bio_PrivateKey(Reading(files.private_key).get(),
                                        nullptr, NoPassword, nullptr));
  if (key == nullptr) {
    return Refused(
        files.private_key,
        "cannot be read, or holds no private key in PEM without a password");
  }
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    return Refused(files.private_key,
                   absl::StrCat("is not the key of the certificate in ",
                                files.certificate));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status Check(const TlsFiles& files) {
  if (!files.authorities.empty() &&
      FirstCertificate(files.authorities) == nullptr) {
    return Refused(files.authorities,
                   "cannot be read, or holds no certificate in PEM");
  }
  return files.certificate.empty() ? absl::OkStatus() : CheckPair(files);
}

std::shared_ptr<grpc::ChannelCredentials> ToCredentials(const TlsFiles& files) {
  if (!files.enabled) return grpc::InsecureChannelCredentials();
  TlsChannelCredentialsOptions options;
  if (!files.authorities.empty() || !files.certificate.empty()) {
    options.set_certificate_provider(
        std::make_shared<FileWatcherCertificateProvider>(
            files.private_key, files.certificate, files.authorities,
            kLookSeconds));
  }
  if (!files.authorities.empty()) options.watch_root_certs();
  if (!files.certificate.empty()) options.watch_identity_key_cert_pairs();
  return grpc::experimental::TlsCredentials(options);
}

}  // namespace holdline::client
