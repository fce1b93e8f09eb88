// The check that the files of a closed store are complete.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_STORE_CHECK_H_
#define HOLDLINE_SERVER_STORE_SQLITE_STORE_CHECK_H_

#include <string>

#include "absl/status/status.h"
#include "server/store/sqlite/store_state.h"

namespace holdline {

struct StoreFindings {
  // A description of committed data that is lost; empty if none is.
  std::string loss;

  // A message for the server's log that is not about a loss; may be empty.
  std::string notice;

  // Whether the write-ahead log adds nothing to the database: the database is
  // gone, or has everything that can be read of the log.
  bool log_is_useless = false;
};

// Checks a database, its log and the log's index. `state` is that of the
// directory's state file.
StoreFindings CheckStore(const std::string& database, StoreState state);

// Keeps the log, if there is one, as `DATABASE-wal.lost`: if it is useless,
// moves it there and deletes its index; otherwise copies it. UNAVAILABLE if
// that fails.
absl::Status SetLogAside(const std::string& database, bool is_useless);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_STORE_CHECK_H_
