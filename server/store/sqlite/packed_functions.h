// SQL functions for the migration that does away with the packed form.
//
//   tags_of_packed(bytes)
//   definition_of_packed(bytes)
//   instance_of_packed(bytes, pipeline)
//   instances_of_packed(bytes, pipeline, start_time)
//
// Each takes a value as versions before 6 have stored it (packed_form.h) and
// returns it as a message (sql/stored.proto). A damaged one ends the statement
// with SQLITE_CORRUPT.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_PACKED_FUNCTIONS_H_
#define HOLDLINE_SERVER_STORE_SQLITE_PACKED_FUNCTIONS_H_

#include "absl/status/status.h"
#include "server/store/sqlite/sqlite_connection.h"

namespace holdline {

// Makes the functions known to a connection, until it is closed.
absl::Status AddPackedFunctions(SqliteConnection& connection);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_PACKED_FUNCTIONS_H_
