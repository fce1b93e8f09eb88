// SQLite's index of its write-ahead log: see "The WAL-Index File Format" of
// sqlite.org/walformat.html. It is written after each commit was synced, so
// what it says was committed, though not always the last of it.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_WAL_INDEX_H_
#define HOLDLINE_SERVER_STORE_SQLITE_WAL_INDEX_H_

#include <cstdint>
#include <optional>
#include <string>

#include "server/store/sqlite/wal_reader.h"

namespace holdline {

struct WalIndex {
  // The frames that were committed.
  int64_t committed = 0;

  // Those that are in the database file too.
  int64_t in_database = 0;

  // Of the log that is meant.
  WalSalt salt = {};
};

// Reads the index at `path`, which no process may have open; nothing if there
// is none or it is not whole.
std::optional<WalIndex> ReadWalIndex(const std::string& path);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_WAL_INDEX_H_
