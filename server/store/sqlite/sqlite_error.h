// The conversion of SQLite's result codes to errors that tell an operator what
// to do.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_SQLITE_ERROR_H_
#define HOLDLINE_SERVER_STORE_SQLITE_SQLITE_ERROR_H_

#include <sqlite3.h>

#include <string>

#include "absl/status/status.h"

namespace holdline {

// Returns UNAVAILABLE or DATA_LOSS, as store.h says, with the database's path
// and what to do, for a result code other than SQLITE_OK. To be called before
// the next call with `database`, which may be null.
absl::Status SqliteError(sqlite3* database, int code, const std::string& path);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_SQLITE_ERROR_H_
