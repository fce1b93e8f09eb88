// The differences between one database's SQL and another's.

#ifndef HOLDLINE_SERVER_STORE_SQL_DIALECT_H_
#define HOLDLINE_SERVER_STORE_SQL_DIALECT_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "server/store/sql/stored_value.h"

namespace holdline {

struct Dialect {
  // The types of columns.
  absl::string_view integer;
  absl::string_view real;
  absl::string_view text;
  absl::string_view blob;

  // What stands before the number of a parameter.
  absl::string_view parameter;

  // Whether a parameter may also stand as `:name`; it then has the number of
  // its first appearance.
  bool has_named_parameters;

  // Joins two tables; where it can be said, the left one is gone through.
  absl::string_view join_from_left;

  // Whether a query can be told which index to go by.
  bool has_index_hints;

  // Whether INSERT OR REPLACE is known; it spares a look at the row before.
  bool has_replace;

  // What the rows of a table without a key are ordered by, from the oldest on.
  absl::string_view row_number;

  absl::string_view TypeName(ValueType type) const;

  // The parameter with a number, from 1.
  std::string Parameter(size_t number) const;

  // ` INDEXED BY index `, or a space.
  std::string IndexHint(absl::string_view index) const;

  // Gives the parameters that stand as `:name` in `sql` their numbers, if the
  // database does not do so itself.
  std::string NumberParameters(absl::string_view sql) const;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQL_DIALECT_H_
