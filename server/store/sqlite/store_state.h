// The state file of a data directory. It tells a new store from one whose files
// are gone, and a log that was emptied from one that was deleted.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_STORE_STATE_H_
#define HOLDLINE_SERVER_STORE_SQLITE_STORE_STATE_H_

#include <string>

#include "absl/status/status.h"

namespace holdline {

enum class StoreState {
  kUnknown,  // none was made, or by a version that did not say so
  kClosed,   // everything is in the database file
  kOpen,  // a process has it open or died: there is a log beside the database
};

// Reads the state from a file. What cannot be read is kUnknown, an unknown word
// kClosed: both expect less than kOpen.
StoreState ReadStoreState(const std::string& path);

// Stores the state so that it survives a loss of power, in place, so that a
// full disk does not hinder it. UNAVAILABLE if the file cannot be written.
absl::Status WriteStoreState(const std::string& path, StoreState state);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_STORE_STATE_H_
