// A copy of a database without its unused pages.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_COMPACTION_H_
#define HOLDLINE_SERVER_STORE_SQLITE_COMPACTION_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "server/store/sqlite/sqlite_connection.h"

namespace holdline {

// Called repeatedly during a copy, with the bytes written and the approximate
// total.
using CompactionProgress = std::function<void(int64_t done, int64_t total)>;

// Writes the database of `connection` to a new file at `path`, readable by this
// user only, which replaces an existing one, and syncs it. The copy has
// incremental auto_vacuum, whether or not the database has.
//
// RESOURCE_EXHAUSTED, with the bytes needed, if the disk has too little space;
// otherwise UNAVAILABLE or DATA_LOSS. After an error no copy is left.
absl::Status CopyCompacted(SqliteConnection& connection,
                           const std::string& path,
                           const CompactionProgress& progress);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_COMPACTION_H_
