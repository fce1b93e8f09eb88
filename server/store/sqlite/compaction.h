// A copy of a database without its unused pages.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_COMPACTION_H_
#define HOLDLINE_SERVER_STORE_SQLITE_COMPACTION_H_

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "server/store/sqlite/sqlite_connection.h"

namespace holdline {

// Is told now and then how many bytes of about how many are written.
using CompactionProgress = std::function<void(int64_t done, int64_t total)>;

// Writes the database of `connection` to a new file at `path`, which replaces
// what is there, for this user alone, and syncs it. The copy gives back unused
// pages later on, whether or not the database did.
//
// RESOURCE_EXHAUSTED, with how much is needed, if the disk has too little room;
// otherwise UNAVAILABLE or DATA_LOSS. No copy is left then.
absl::Status CopyCompacted(SqliteConnection& connection,
                           const std::string& path,
                           const CompactionProgress& progress);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_COMPACTION_H_
