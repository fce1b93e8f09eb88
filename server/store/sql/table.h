// The description of a table: name, columns and primary key.

#ifndef HOLDLINE_SERVER_STORE_SQL_TABLE_H_
#define HOLDLINE_SERVER_STORE_SQL_TABLE_H_

#include <cstddef>
#include <vector>

#include "server/store/sql/column.h"
#include "server/store/sql/stored_value.h"

namespace holdline {

template <typename Row>
struct Table {
  const char* name;
  Columns<Row> columns;

  // The number of leading columns that are the primary key.
  size_t key_columns;
};

// The description without the type of the rows.
struct TableShape {
  struct Column {
    const char* name;
    ValueType type;
  };

  template <typename Row>
  explicit TableShape(const Table<Row>& table)
      : name(table.name), key_columns(table.key_columns) {
    for (const auto& column : table.columns) {
      columns.push_back({column.name, column.type});
    }
  }

  const char* name;
  std::vector<Column> columns;
  size_t key_columns;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQL_TABLE_H_
