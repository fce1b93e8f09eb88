#include "server/auth/credential_reload.h"

#include <utility>

#include "server/auth/credentials_file.h"

namespace holdline {

CredentialReload::Stamps CredentialReload::Take(
    const CredentialOptions& options) {
  return {.file = StampOf(options.file),
          .key_file = options.key_file.empty() ? FileStamp()
                                               : StampOf(options.key_file)};
}

absl::StatusOr<std::unique_ptr<CredentialReload>> CredentialReload::Open(
    const CredentialOptions& options, Report report) {
  const Stamps seen = Take(options);
  absl::StatusOr<Credentials> credentials = LoadCredentials(options);
  if (!credentials.ok()) return credentials.status();
  return std::unique_ptr<CredentialReload>(new CredentialReload(
      options, std::move(report), seen, *std::move(credentials)));
}

CredentialReload::CredentialReload(const CredentialOptions& options,
                                   Report report, const Stamps& seen,
                                   Credentials credentials)
    : options_(options),
      report_(std::move(report)),
      seen_(seen),
      store_(std::move(credentials)) {}

CredentialReload::~CredentialReload() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void CredentialReload::Look() {
  const Stamps now = Take(options_);
  if (now == seen_) return;
  seen_ = now;
  absl::StatusOr<Credentials> credentials = LoadCredentials(options_);
  if (credentials.ok()) store_.Replace(*std::move(credentials));
  report_(credentials.status());
}

void CredentialReload::KeepLooking(absl::Duration period) {
  thread_ = std::thread([this, period] {
    while (!StopsWithin(period)) Look();
  });
}

bool CredentialReload::StopsWithin(absl::Duration period) {
  absl::MutexLock lock(&mutex_);
  return mutex_.AwaitWithTimeout(absl::Condition(&stopping_), period);
}

}  // namespace holdline
