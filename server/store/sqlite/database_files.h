// The files of a database that is in use, and what has become of them.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_DATABASE_FILES_H_
#define HOLDLINE_SERVER_STORE_SQLITE_DATABASE_FILES_H_

#include <string>

#include "absl/status/status.h"
#include "server/store/sqlite/watched_file.h"

namespace holdline {

// Watches a database and its log, both of which must be there. A copy goes on
// watching the same files. Not thread-safe.
class DatabaseFiles {
 public:
  // What is written in files that are not in place would be gone after a
  // restart.
  enum class State {
    kInPlace,
    kLogGone,       // deleted, moved or replaced; who has it open has all of it
    kLogCut,        // somebody has shortened it: what it held is lost
    kDatabaseGone,  // as the log, whatever became of that
    kDatabaseCut,
  };

  explicit DatabaseFiles(const std::string& database);

  State Look();

  // Returns UNAVAILABLE, with the file and what to do, unless both are in
  // place. The lack of a log that ReplaceLog has made is made good.
  absl::Status Check();

  // Leaves an empty log where the one that was watched is not, and watches that
  // one. Whatever is there belongs to nobody any more, but is not ours to
  // delete. Returns whether that succeeded.
  // REQUIRES: all that the log held is in the database.
  bool ReplaceLog();

  // The log was emptied by those who own it.
  void LogEmptied() { log_.Shortened(); }

 private:
  std::string path_;
  WatchedFile database_;
  WatchedFile log_;

  // Nobody has written into the log since it was made.
  bool log_is_empty_ = false;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_DATABASE_FILES_H_
