// The server's certificate and the CAs it trusts for client certificates.

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
// names the file and never shows its content: it cannot be read, holds no
// certificate or no key, the key is another certificate's, or users other than
// its owner and its group may read the key.
absl::StatusOr<TlsIdentity> ReadTlsIdentity(const TlsOptions& options);

// The identity in the files, reloaded when they change. Thread-safe.
class TlsIdentityFiles {
 public:
  // Called when the files have changed, with an error if the new ones are not
  // used. On any thread; must not block.
  using OnChange = std::function<void(const absl::Status& status)>;

  // Reads the files for the first time. Errors as ReadTlsIdentity.
  static absl::StatusOr<std::unique_ptr<TlsIdentityFiles>> Open(
      TlsOptions options, OnChange on_change);

  // Returns the identity in use: that of the files as they are, or as they were
  // last valid. Reads them only if they have changed, so it may be called at
  // each handshake. The same object is returned until they do.
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
