#include "server/auth/tls_identity.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "openssl/bio.h"
#include "openssl/evp.h"
#include "openssl/pem.h"
#include "openssl/x509.h"

namespace holdline {
namespace {

// More than any chain or bundle of authorities has.
constexpr size_t kFileBytesMax = size_t{4} << 20;

struct Free {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
using Bio = std::unique_ptr<BIO, Free>;
using Certificate = std::unique_ptr<X509, Free>;
using Key = std::unique_ptr<EVP_PKEY, Free>;

absl::Status Refused(const std::string& path, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("the file \"", path, "\" ", why));
}

// Looks at the open file, so that what is checked is what is read.
absl::StatusOr<std::string> ReadOpen(const std::string& path, int file,
                                     mode_t forbidden) {
  struct stat found;
  if (fstat(file, &found) != 0 || !S_ISREG(found.st_mode)) {
    return Refused(path, "is not a regular file");
  }
  if ((found.st_mode & forbidden) != 0) {
    return Refused(path, "is open to other users: run chmod 600 on it");
  }
  std::string content(kFileBytesMax, '\0');
  size_t size = 0;
  while (size < content.size()) {
    const ssize_t count =
        read(file, content.data() + size, content.size() - size);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      return Refused(path, absl::StrCat("cannot be read: ", strerror(errno)));
    }
    if (count == 0) break;
    size += static_cast<size_t>(count);
  }
  content.resize(size);
  content.shrink_to_fit();
  return content;
}

absl::StatusOr<std::string> ReadWhole(const std::string& path,
                                      mode_t forbidden = 0) {
  // Does not wait for a writer if it is a pipe.
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) {
    return Refused(path, absl::StrCat("cannot be opened: ", strerror(errno)));
  }
  absl::StatusOr<std::string> content = ReadOpen(path, file, forbidden);
  close(file);
  return content;
}

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
    return Refused(options.certificate_file, "holds no certificate in PEM");
  }
  const Key key(PEM_read_bio_PrivateKey(Reading(identity.private_key).get(),
                                        nullptr, NoPassword, nullptr));
  if (key == nullptr) {
    return Refused(options.private_key_file,
                   "holds no private key in PEM without a password");
  }
  if (X509_check_private_key(certificate.get(), key.get()) != 1) {
    return Refused(options.private_key_file,
                   absl::StrCat("is not the key of the certificate in \"",
                                options.certificate_file, "\""));
  }
  if (!options.client_authorities_file.empty() &&
      FirstCertificate(identity.client_authorities) == nullptr) {
    return Refused(options.client_authorities_file,
                   "holds no certificate in PEM");
  }
  return absl::OkStatus();
}

// Returns what differs once a file was written or replaced.
std::string VersionOf(const TlsOptions& options) {
  std::string version;
  for (const std::string& path :
       {options.certificate_file, options.private_key_file,
        options.client_authorities_file}) {
    struct stat found = {};
    if (!path.empty() && stat(path.c_str(), &found) != 0) found = {};
    absl::StrAppend(&version, found.st_dev, " ", found.st_ino, " ",
                    found.st_size, " ", found.st_mtim.tv_sec, ".",
                    found.st_mtim.tv_nsec, " ", found.st_mode, ";");
  }
  return version;
}

}  // namespace

absl::StatusOr<TlsIdentity> ReadTlsIdentity(const TlsOptions& options) {
  const absl::StatusOr<std::string> certificate =
      ReadWhole(options.certificate_file);
  if (!certificate.ok()) return certificate.status();
  const absl::StatusOr<std::string> key =
      ReadWhole(options.private_key_file, S_IRWXO | S_IWGRP);
  if (!key.ok()) return key.status();
  TlsIdentity identity = {*certificate, *key, ""};
  if (!options.client_authorities_file.empty()) {
    absl::StatusOr<std::string> authorities =
        ReadWhole(options.client_authorities_file);
    if (!authorities.ok()) return authorities.status();
    identity.client_authorities = *std::move(authorities);
  }
  const absl::Status status = Check(options, identity);
  if (!status.ok()) return status;
  return identity;
}

absl::StatusOr<std::unique_ptr<TlsIdentityFiles>> TlsIdentityFiles::Open(
    TlsOptions options, OnChange on_change) {
  // Taken before the files are read: what changes meanwhile is read again.
  std::string version = VersionOf(options);
  absl::StatusOr<TlsIdentity> identity = ReadTlsIdentity(options);
  if (!identity.ok()) return identity.status();
  return std::unique_ptr<TlsIdentityFiles>(
      new TlsIdentityFiles(std::move(options), std::move(on_change),
                           std::move(version), *std::move(identity)));
}

TlsIdentityFiles::TlsIdentityFiles(TlsOptions options, OnChange on_change,
                                   std::string version, TlsIdentity identity)
    : options_(std::move(options)),
      on_change_(std::move(on_change)),
      version_(std::move(version)),
      identity_(std::make_shared<const TlsIdentity>(std::move(identity))) {}

std::shared_ptr<const TlsIdentity> TlsIdentityFiles::Current() {
  absl::MutexLock lock(&mutex_);
  std::string version = VersionOf(options_);
  if (version == version_) return identity_;
  version_ = std::move(version);
  absl::StatusOr<TlsIdentity> identity = ReadTlsIdentity(options_);
  if (identity.ok()) {
    identity_ = std::make_shared<const TlsIdentity>(*std::move(identity));
  }
  if (on_change_) on_change_(identity.status());
  return identity_;
}

}  // namespace holdline
