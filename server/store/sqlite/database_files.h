// The files of a database that is in use, watched for deletion, replacement and
// truncation.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_DATABASE_FILES_H_
#define HOLDLINE_SERVER_STORE_SQLITE_DATABASE_FILES_H_

#include <string>

#include "absl/status/status.h"
#include "server/store/sqlite/watched_file.h"

namespace holdline {

// Watches a database file and its write-ahead log, both of which must exist. A
// copy watches the same files. Not thread-safe.
class DatabaseFiles {
 public:
  // The state of the files. What is written to files that are not in place
  // would be lost at a restart.
  enum class State {
    kInPlace,
    kLogGone,  // deleted, moved or replaced; a process that has it open has all
               // of it
    kLogCut,   // truncated by another program: what it held is lost
    kDatabaseGone,  // likewise of the database, whatever the log's state
    kDatabaseCut,
  };

  explicit DatabaseFiles(const std::string& database);

  State Look();

  // Returns UNAVAILABLE, with the file and what to do, unless both are in
  // place. If the log that ReplaceLog made is gone and still unused, makes
  // another.
  absl::Status Check();

  // Creates an empty log in place of the watched one, which is gone, and
  // watches it. A file of another origin at its path is renamed to `.lost`.
  // Returns whether that succeeded. REQUIRES: all that the log held is in the
  // database.
  bool ReplaceLog();

  // Tells that SQLite itself has emptied the log.
  void LogEmptied() { log_.Shortened(); }

 private:
  std::string path_;
  WatchedFile database_;
  WatchedFile log_;

  // Whether nothing was written to the log since ReplaceLog made it.
  bool log_is_empty_ = false;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_DATABASE_FILES_H_
