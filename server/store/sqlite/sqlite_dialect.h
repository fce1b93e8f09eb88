// The dialect of SQLite.

#ifndef HOLDLINE_SERVER_STORE_SQLITE_SQLITE_DIALECT_H_
#define HOLDLINE_SERVER_STORE_SQLITE_SQLITE_DIALECT_H_

#include "server/store/sql/dialect.h"

namespace holdline {

inline constexpr Dialect kSqliteDialect = {
    .integer = "INTEGER",
    .real = "REAL",
    .text = "TEXT",
    .blob = "BLOB",
    .parameter = "?",
    .has_named_parameters = true,
    .join_from_left = "CROSS JOIN",
    .has_index_hints = true,
    .has_replace = true,
    .row_number = "rowid",
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQLITE_SQLITE_DIALECT_H_
