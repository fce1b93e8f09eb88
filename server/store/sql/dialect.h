// The differences between one database's SQL and another's.

#ifndef HOLDLINE_SERVER_STORE_SQL_DIALECT_H_
#define HOLDLINE_SERVER_STORE_SQL_DIALECT_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "server/store/sql/stored_value.h"

namespace holdline {

struct Dialect {
  // The type names of columns.
  absl::string_view integer;
  absl::string_view real;
  absl::string_view text;
  absl::string_view blob;

  // The prefix of a parameter's number.
  absl::string_view parameter;

  // Whether `:name` is a parameter too, numbered by its first appearance.
  bool has_named_parameters;

  // The join of two tables; one that makes the left table the outer loop, where
  // there is such a join.
  absl::string_view join_from_left;

  // Whether a query may have an INDEXED BY clause.
  bool has_index_hints;

  // Whether INSERT OR REPLACE is supported; it saves reading the old row.
  bool has_replace;

  // The expression that orders the rows of a table without a key, oldest first.
  absl::string_view row_number;

  absl::string_view TypeName(ValueType type) const;

  // The parameter with a number, from 1.
  std::string Parameter(size_t number) const;

  // ` INDEXED BY index `, or a space.
  std::string IndexHint(absl::string_view index) const;

  // Replaces each `:name` in `sql` by a numbered parameter, unless
  // `has_named_parameters`.
  std::string NumberParameters(absl::string_view sql) const;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQL_DIALECT_H_
