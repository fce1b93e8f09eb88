// The schema of the database and its migrations.
//
// schema/NNN_name.sql migrates from version NNN - 1 to NNN; a new database runs
// all of them. A released file is never changed: a further one is added,
// together with a dump of the version before (see testdata/README.md). A
// migration may call the SQL functions of packed_functions.h.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_SQLITE_SCHEMA_H_
#define HOLDLINE_SERVER_STORE_SQLITE_SQLITE_SCHEMA_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/store/sqlite/sqlite_connection.h"

namespace holdline {

// "HOLD": SQLite's application_id of our databases.
inline constexpr int64_t kApplicationId = 0x484F4C44;

// The migrations in order; the first makes version 1.
absl::Span<const absl::string_view> Migrations();

// Returns FAILED_PRECONDITION if the database belongs to another program, or
// its version is above the number of `migrations`. Changes nothing.
absl::Status CheckSchema(SqliteConnection& connection,
                         absl::Span<const absl::string_view> migrations);

// Brings a database that CheckSchema accepts, possibly an empty one, to the
// last version, each migration in a transaction of its own.
absl::Status Migrate(SqliteConnection& connection,
                     absl::Span<const absl::string_view> migrations);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_SQLITE_SCHEMA_H_
