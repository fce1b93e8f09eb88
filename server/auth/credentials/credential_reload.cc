#include "server/auth/credentials/credential_reload.h"

#include <chrono>
#include <utility>

#include "server/auth/credentials/credentials_file.h"

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
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  told_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void CredentialReload::Look() {
  const Stamps now = Take(options_);
  if (now == seen_) return;
  seen_ = now;
  Read();
}

void CredentialReload::Read() {
  absl::StatusOr<Credentials> credentials = LoadCredentials(options_);
  if (credentials.ok()) store_.Replace(*std::move(credentials));
  report_(credentials.status());
}

void CredentialReload::KeepLooking(absl::Duration period) {
  thread_ = std::thread([this, period] {
    for (bool again = false; !StopsWithin(period, &again);) {
      if (again) {
        seen_ = Take(options_);
        Read();
      } else {
        Look();
      }
    }
  });
}

void CredentialReload::ReadAgain() {
  {
    const std::lock_guard lock(mutex_);
    again_ = true;
  }
  told_.notify_one();
}

bool CredentialReload::StopsWithin(absl::Duration period, bool* again) {
  std::unique_lock lock(mutex_);
  told_.wait_until(
      lock,
      std::chrono::steady_clock::now() + absl::ToChronoNanoseconds(period),
      [this] { return stopping_ || again_; });
  *again = std::exchange(again_, false);
  return stopping_;
}

}  // namespace holdline
