// The current credentials, which can be replaced while the server runs.

#ifndef HOLDLINE_SERVER_AUTH_CREDENTIALS_CREDENTIAL_STORE_H_
#define HOLDLINE_SERVER_AUTH_CREDENTIALS_CREDENTIAL_STORE_H_

#include <memory>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "server/auth/credentials/credentials.h"

namespace holdline {

// Thread-safe. Readers hold the set that they read, so that it can be replaced
// at any time.
class CredentialStore {
 public:
  explicit CredentialStore(Credentials credentials)
      : current_(std::make_shared<const Credentials>(std::move(credentials))) {}

  std::shared_ptr<const Credentials> current() const {
    absl::MutexLock lock(&mutex_);
    return current_;
  }

  // Replaces the current credentials.
  void Replace(Credentials credentials) {
    auto next = std::make_shared<const Credentials>(std::move(credentials));
    absl::MutexLock lock(&mutex_);
    current_ = std::move(next);
  }

 private:
  mutable absl::Mutex mutex_;
  std::shared_ptr<const Credentials> current_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_CREDENTIALS_CREDENTIAL_STORE_H_
