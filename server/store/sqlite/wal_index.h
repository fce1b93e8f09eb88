// SQLite's index of its write-ahead log: see "The WAL-Index File Format" of
// sqlite.org/walformat.html. It is written after the sync of each commit, so
// all frames that it counts were committed, but the last commits may be missing
// from it.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_WAL_INDEX_H_
#define HOLDLINE_SERVER_STORE_SQLITE_WAL_INDEX_H_

#include <cstdint>
#include <optional>
#include <string>

#include "server/store/sqlite/wal_reader.h"

namespace holdline {

struct WalIndex {
  // The number of frames that were committed.
  int64_t committed = 0;

  // The number of these that are in the database file too.
  int64_t in_database = 0;

  // The salt of the log that the index belongs to.
  WalSalt salt = {};
};

// Reads the index at `path`, which no process may have open; nothing if there
// is none or it is not whole.
std::optional<WalIndex> ReadWalIndex(const std::string& path);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_WAL_INDEX_H_
