// What the server shows its TLS clients, and whom of them it believes.

#ifndef HOLDLINE_SERVER_AUTH_TLS_TLS_IDENTITY_H_
#define HOLDLINE_SERVER_AUTH_TLS_TLS_IDENTITY_H_

#include <array>
#include <functional>
#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "server/auth/credentials/file_stamp.h"
#include "server/auth/tls/tls_options.h"

namespace holdline {

// All as PEM.
struct TlsIdentity {
  std::string certificate;         // with its chain, its own first
  std::string private_key;         // of the certificate
  std::string client_authorities;  // empty if no client is asked
};

// Reads what the options name, which must be enabled. INVALID_ARGUMENT, which
// names the file and never shows of a key: it cannot be read, holds no
// certificate or no key, the key is another certificate's, or users other than
// its owner and its group may read the key.
absl::StatusOr<TlsIdentity> ReadTlsIdentity(const TlsOptions& options);

// The identity as the files say at this moment. Thread-safe.
class TlsIdentityFiles {
 public:
  // Is told when the files have changed, with why the new ones do not count if
  // they do not. May be called on any thread, and must not block.
  using OnChange = std::function<void(const absl::Status& status)>;

  // Reads the files for the first time. Errors as ReadTlsIdentity.
  static absl::StatusOr<std::unique_ptr<TlsIdentityFiles>> Open(
      TlsOptions options, OnChange on_change);

  // Returns the identity that counts now: that of the files as they are, or as
  // they last made sense. Reads them only if they have changed, so it may be
  // asked at each handshake. The same object is returned until they do.
  std::shared_ptr<const TlsIdentity> Current();

 private:
  using Stamps = std::array<FileStamp, 3>;

  static Stamps StampsOf(const TlsOptions& options);

  TlsIdentityFiles(TlsOptions options, OnChange on_change, const Stamps& stamps,
                   TlsIdentity identity);

  const TlsOptions options_;
  const OnChange on_change_;
  absl::Mutex mutex_;

  // Of the files as they were last read.
  Stamps stamps_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const TlsIdentity> identity_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_TLS_TLS_IDENTITY_H_
