#include "server/store/sqlite/sqlite_error.h"

#include <cerrno>
#include <cstring>

#include "absl/strings/str_cat.h"

namespace holdline {
namespace {

absl::Status Unavailable(const std::string& path, absl::string_view what) {
  return absl::UnavailableError(absl::StrCat("the database ", path, " ", what));
}

absl::Status DataLoss(const std::string& path, absl::string_view what) {
  return absl::DataLossError(absl::StrCat("the database ", path, " ", what));
}

// The system's error of the last failed call with a file.
int LastError(sqlite3_file* file) {
  int error = 0;
  if (file == nullptr || file->pMethods == nullptr) return 0;
  file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &error);
  return error;
}

// SQLite keeps the system's error for the connection, but not where a commit
// fails: then it stands with the log or the database file.
int LastError(sqlite3* database) {
  if (database == nullptr) return 0;
  if (int error = sqlite3_system_errno(database); error != 0) return error;
  for (int operation :
       {SQLITE_FCNTL_JOURNAL_POINTER, SQLITE_FCNTL_FILE_POINTER}) {
    sqlite3_file* file = nullptr;
    sqlite3_file_control(database, "main", operation, &file);
    if (int error = LastError(file); error != 0) return error;
  }
  return 0;
}

// What the system says about a failed read, write or sync.
absl::Status SystemError(sqlite3* database, const std::string& path) {
  const int error = LastError(database);
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return Unavailable(
          path, "cannot be written, the disk is full: free some space");
    case EFBIG:
      return Unavailable(path,
                         "has reached the largest file size that is allowed: "
                         "raise the limit (ulimit -f)");
    case EROFS:
    case EACCES:
    case EPERM:
      return Unavailable(path,
                         "cannot be written: make it and its directory "
                         "writable for this process");
    case EMFILE:
    case ENFILE:
      return Unavailable(path,
                         "cannot be opened, too many files are open: raise "
                         "the limit (ulimit -n)");
    case ENOENT:
      return Unavailable(path, "is missing: put it back");
    default:
      return Unavailable(
          path, absl::StrCat("cannot be read or written (",
                             error == 0 ? sqlite3_errmsg(database)
                                        : std::strerror(error),
                             "): check the disk and the system's log"));
  }
}

}  // namespace

absl::Status SqliteError(sqlite3* database, int code, const std::string& path) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return Unavailable(
          path, "cannot be written, the disk is full: free some space");
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return Unavailable(path,
                         "cannot be written: make it and its directory "
                         "writable for this process");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return Unavailable(path,
                         "is locked by another program: end that program");
    case SQLITE_NOMEM:
      return Unavailable(path, "cannot be used: out of memory");
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      return SystemError(database, path);
    case SQLITE_CORRUPT:
      return DataLoss(path, "is damaged: restore it from a backup");
    case SQLITE_NOTADB:
      return DataLoss(path,
                      "is not a database, or its beginning is damaged: "
                      "restore it from a backup");
    case SQLITE_CONSTRAINT:
      return DataLoss(path,
                      "holds something else than expected: the batch does not "
                      "fit what is stored, load again");
    default:
      return Unavailable(
          path, absl::StrCat("cannot be used (", sqlite3_errstr(code), ")"));
  }
}

}  // namespace holdline
