#include "server/auth/credentials/credentials_editor.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/auth/credentials/secret_file.h"

namespace holdline {
namespace {

// Returns an open file that is locked, or -1 and errno.
int Lock(const std::string& path) {
  const int lock =
      open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (lock < 0) return -1;
  int result = flock(lock, LOCK_EX);
  while (result != 0 && errno == EINTR) result = flock(lock, LOCK_EX);
  if (result == 0) return lock;
  const int error = errno;
  close(lock);
  errno = error;
  return -1;
}

}  // namespace

absl::StatusOr<std::unique_ptr<CredentialsEditor>> CredentialsEditor::Open(
    const std::string& path) {
  const std::string lock_path = absl::StrCat(path, ".lock");
  const int lock = Lock(lock_path);
  if (lock < 0) {
    return absl::UnavailableError(
        absl::StrCat("cannot lock \"", lock_path, "\": ", strerror(errno)));
  }
  absl::StatusOr<CredentialsFile> content = ReadCredentialsFile(path);
  if (absl::IsNotFound(content.status())) content = CredentialsFile();
  if (!content.ok()) {
    close(lock);
    return content.status();
  }
  return std::unique_ptr<CredentialsEditor>(
      new CredentialsEditor(path, lock, *std::move(content)));
}

CredentialsEditor::CredentialsEditor(std::string path, int lock,
                                     CredentialsFile content)
    : path_(std::move(path)), lock_(lock), content_(std::move(content)) {}

CredentialsEditor::~CredentialsEditor() { close(lock_); }

CredentialEntry* CredentialsEditor::Find(absl::string_view access_key) {
  for (CredentialEntry& entry : content_.credentials) {
    if (entry.credential.access_key == access_key) return &entry;
  }
  return nullptr;
}

absl::Status CredentialsEditor::Save() {
  return WriteSecretFile(path_, ToJson(content_));
}

}  // namespace holdline
