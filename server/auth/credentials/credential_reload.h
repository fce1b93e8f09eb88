// The credentials of a file, which follow it when it changes.

#ifndef HOLDLINE_SERVER_AUTH_CREDENTIALS_CREDENTIAL_RELOAD_H_
#define HOLDLINE_SERVER_AUTH_CREDENTIALS_CREDENTIAL_RELOAD_H_

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/auth/credentials/credential_options.h"
#include "server/auth/credentials/credential_store.h"
#include "server/auth/credentials/file_stamp.h"

namespace holdline {

// Thread-compatible, but for the store.
class CredentialReload {
 public:
  // Told of each change of the file, with what became of it: OK, and the new
  // credentials count, or the error of LoadCredentials, and the old ones do.
  using Report = std::function<void(const absl::Status& status)>;

  // Reads the files for the first time. Errors as those of LoadCredentials.
  static absl::StatusOr<std::unique_ptr<CredentialReload>> Open(
      const CredentialOptions& options, Report report);

  // Ends the looking.
  ~CredentialReload();

  CredentialReload(const CredentialReload&) = delete;
  CredentialReload& operator=(const CredentialReload&) = delete;

  // The credentials that count. Lives as long as this does.
  const CredentialStore& store() const { return store_; }

  // Looks at the files once, and reads them if one has changed since the last
  // look. A change that was refused is not tried again before the next.
  void Look();

  // From now on looks every `period`, on a thread of its own, which also
  // reports. Called once, and no Look after it.
  void KeepLooking(absl::Duration period);

  // Lets that thread read the files now, whether they have changed or not, and
  // report. Thread-safe.
  void ReadAgain();

 private:
  struct Stamps {
    FileStamp file;
    FileStamp key_file;
    friend bool operator==(const Stamps&, const Stamps&) = default;
  };

  static Stamps Take(const CredentialOptions& options);

  CredentialReload(const CredentialOptions& options, Report report,
                   const Stamps& seen, Credentials credentials);

  void Read();

  // Waits for the end, or for `period`, and at most until ReadAgain is called:
  // then `again` is set.
  bool StopsWithin(absl::Duration period, bool* again);

  const CredentialOptions options_;
  const Report report_;
  Stamps seen_;  // used by one thread at a time
  CredentialStore store_;

  // Guards the two below. Abseil's would wait by the wall clock, and leave a
  // credential that was withdrawn in force when that is set back.
  std::mutex mutex_;
  std::condition_variable told_;
  bool stopping_ = false;
  bool again_ = false;
  std::thread thread_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_CREDENTIALS_CREDENTIAL_RELOAD_H_
