// The state file of a data directory. It distinguishes a new store from one
// whose files were deleted, and a log that SQLite removed from one that was
// deleted.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_STORE_STATE_H_
#define HOLDLINE_SERVER_STORE_SQLITE_STORE_STATE_H_

#include <string>

#include "absl/status/status.h"

namespace holdline {

enum class StoreState {
  kUnknown,  // no store was created, or by a version without state file
  kClosed,   // everything is in the database file
  kOpen,  // a process has it open, or died: there is a log beside the database
};

// Reads the state from a file. A missing or unreadable file is kUnknown, an
// unknown word kClosed: the checks for both are weaker than for kOpen.
StoreState ReadStoreState(const std::string& path);

// Writes the state in place, which works on a full disk too, and syncs it.
// UNAVAILABLE if the file cannot be written.
absl::Status WriteStoreState(const std::string& path, StoreState state);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_STORE_STATE_H_
