// The check that the files of a store that nobody has open are all there.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_STORE_CHECK_H_
#define HOLDLINE_SERVER_STORE_SQLITE_STORE_CHECK_H_

#include <string>

#include "absl/status/status.h"
#include "server/store/sqlite/store_state.h"

namespace holdline {

struct StoreFindings {
  // What was acknowledged and is gone, in words; empty if nothing is.
  std::string loss;

  // What is worth a line in the log without being a loss; may be empty.
  std::string notice;

  // The log is no use to the database: one that is gone, or one that has
  // everything that can be read of the log already.
  bool log_is_useless = false;
};

// Looks at a database, its log and the index of that. `state` is what the
// directory was told.
StoreFindings CheckStore(const std::string& database, StoreState state);

// Keeps the log, if there is one, as `DATABASE-wal.lost`: moves it there, and
// deletes its index, if it is useless, and makes a copy otherwise. UNAVAILABLE
// if that fails.
absl::Status SetLogAside(const std::string& database, bool is_useless);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_STORE_CHECK_H_
