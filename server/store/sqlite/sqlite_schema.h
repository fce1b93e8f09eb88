// The database's tables, and how they came to be.
//
// schema/NNN_name.sql leads from version NNN - 1 to NNN; a new database goes
// through all of them. A file that was released is never changed: a further one
// is added, together with a dump of the version before (see
// testdata/README.md). What SQL cannot say, it says by functions that Migrate
// makes known (packed_functions.h).

#ifndef HOLDLINE_SERVER_STORE_SQLITE_SQLITE_SCHEMA_H_
#define HOLDLINE_SERVER_STORE_SQLITE_SQLITE_SCHEMA_H_

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/store/sqlite/sqlite_connection.h"

namespace holdline {

// "HOLD": tells our databases from those of other programs.
inline constexpr int64_t kApplicationId = 0x484F4C44;

// The migrations in order; version 1 is made by the first.
absl::Span<const absl::string_view> Migrations();

// Returns FAILED_PRECONDITION if the database belongs to another program, or
// was made by a newer version than `migrations` lead to. Changes nothing.
absl::Status CheckSchema(SqliteConnection& connection,
                         absl::Span<const absl::string_view> migrations);

// Brings a database that CheckSchema accepts, possibly an empty one, to the
// last version, each migration in a transaction of its own.
absl::Status Migrate(SqliteConnection& connection,
                     absl::Span<const absl::string_view> migrations);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_SQLITE_SCHEMA_H_
