// The editor of the credentials file; one at a time.

#ifndef HOLDLINE_SERVER_AUTH_CREDENTIALS_CREDENTIALS_EDITOR_H_
#define HOLDLINE_SERVER_AUTH_CREDENTIALS_CREDENTIALS_EDITOR_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/auth/credentials/credentials_file.h"

namespace holdline {

// Holds a lock while it exists: a file with the added suffix `.lock`. Other
// editors wait. Readers need no lock, because the file is replaced as a whole.
// Thread-compatible.
class CredentialsEditor {
 public:
  // Locks and reads the file at `path`; if it does not exist, it is as if it
  // were empty. Errors as those of ReadCredentialsFile, and UNAVAILABLE, which
  // names the file: the lock cannot be had, such as when the folder does not
  // exist.
  static absl::StatusOr<std::unique_ptr<CredentialsEditor>> Open(
      const std::string& path);

  ~CredentialsEditor();

  CredentialsEditor(const CredentialsEditor&) = delete;
  CredentialsEditor& operator=(const CredentialsEditor&) = delete;

  // The content, which may be changed; Save writes it.
  CredentialsFile& content() { return content_; }

  // Returns the entry of an access key, or null. It is valid until entries are
  // added or removed.
  CredentialEntry* Find(absl::string_view access_key);

  // Writes the content, whole or not at all. Errors as those of
  // WriteSecretFile.
  absl::Status Save();

 private:
  CredentialsEditor(std::string path, int lock, CredentialsFile content);

  const std::string path_;
  const int lock_;  // an open file
  CredentialsFile content_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_CREDENTIALS_CREDENTIALS_EDITOR_H_
