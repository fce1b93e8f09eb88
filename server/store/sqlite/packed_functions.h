// SQL functions for the migration from the packed form (packed_form.h).
//
//   tags_of_packed(bytes)
//   definition_of_packed(bytes)
//   instance_of_packed(bytes, pipeline)
//   instances_of_packed(bytes, pipeline, start_time)
//
// Each takes a packed value and returns the same as a message of
// sql/stored.proto. A damaged value ends the statement with SQLITE_CORRUPT.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_PACKED_FUNCTIONS_H_
#define HOLDLINE_SERVER_STORE_SQLITE_PACKED_FUNCTIONS_H_

#include "absl/status/status.h"
#include "server/store/sqlite/sqlite_connection.h"

namespace holdline {

// Registers the functions with a connection, until it is closed.
absl::Status AddPackedFunctions(SqliteConnection& connection);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_PACKED_FUNCTIONS_H_
