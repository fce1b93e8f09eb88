#include "server/store/sql/statement_text.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"

namespace holdline {
namespace {

bool Contains(const ColumnNames& names, absl::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// The names of the columns from `begin` to before `end`.
ColumnNames NamesOf(const TableShape& table, size_t begin, size_t end) {
  ColumnNames names;
  for (size_t i = begin; i < end; ++i) names.push_back(table.columns[i].name);
  return names;
}

ColumnNames KeyOf(const TableShape& table) {
  return NamesOf(table, 0, table.key_columns);
}

// The columns behind the key, without some.
ColumnNames Others(const TableShape& table, const ColumnNames& without) {
  ColumnNames others = NamesOf(table, table.key_columns, table.columns.size());
  std::erase_if(
      others, [&](absl::string_view name) { return Contains(without, name); });
  return others;
}

// `name = parameter` for each of `names`, in the order of the table.
std::vector<std::string> Equalities(const TableShape& table,
                                    const Dialect& dialect,
                                    const ColumnNames& names) {
  std::vector<std::string> equalities;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const char* const name = table.columns[i].name;
    if (!Contains(names, name)) continue;
    equalities.push_back(absl::StrCat(name, " = ", dialect.Parameter(i + 1)));
  }
  return equalities;
}

// ` INTO table (columns) VALUES (parameters)`
std::string IntoValues(const TableShape& table, const Dialect& dialect) {
  std::vector<std::string> parameters;
  for (size_t i = 1; i <= table.columns.size(); ++i) {
    parameters.push_back(dialect.Parameter(i));
  }
  return absl::StrCat(" INTO ", table.name, " (", ColumnList(table),
                      ") VALUES (", absl::StrJoin(parameters, ", "), ")");
}

}  // namespace

std::string InsertRow(const TableShape& table, const Dialect& dialect) {
  return absl::StrCat("INSERT", IntoValues(table, dialect));
}

std::string ReplaceRow(const TableShape& table, const Dialect& dialect) {
  if (!dialect.has_replace) return UpsertRow(table, dialect);
  return absl::StrCat("INSERT OR REPLACE", IntoValues(table, dialect));
}

std::string UpdateRow(const TableShape& table, const Dialect& dialect,
                      const ColumnNames& unchanged) {
  const std::string sql = absl::StrCat(
      "UPDATE ", table.name, " SET ",
      absl::StrJoin(Equalities(table, dialect, Others(table, unchanged)),
                    ", "));
  ColumnNames conditions = KeyOf(table);
  conditions.insert(conditions.end(), unchanged.begin(), unchanged.end());
  if (conditions.empty()) return sql;
  return absl::StrCat(
      sql, " WHERE ",
      absl::StrJoin(Equalities(table, dialect, conditions), " AND "));
}

std::string UpsertRow(const TableShape& table, const Dialect& dialect,
                      const ColumnNames& kept) {
  std::vector<std::string> changes;
  for (absl::string_view name : Others(table, kept)) {
    changes.push_back(absl::StrCat(name, " = excluded.", name));
  }
  return absl::StrCat(InsertRow(table, dialect), " ON CONFLICT (",
                      absl::StrJoin(KeyOf(table), ", "), ") DO UPDATE SET ",
                      absl::StrJoin(changes, ", "));
}

std::string ColumnList(const TableShape& table, absl::string_view prefix) {
  return absl::StrJoin(table.columns, ", ",
                       [&](std::string* out, const TableShape::Column& column) {
                         absl::StrAppend(out, prefix, column.name);
                       });
}

std::string SelectRows(const TableShape& table) {
  return absl::StrCat("SELECT ", ColumnList(table), " FROM ", table.name, " ");
}

std::string CreateTable(const TableShape& table, const Dialect& dialect) {
  std::vector<std::string> parts;
  for (const TableShape::Column& column : table.columns) {
    parts.push_back(absl::StrCat(column.name, " ",
                                 dialect.TypeName(column.type), " NOT NULL"));
  }
  if (table.key_columns > 0) {
    parts.push_back(
        absl::StrCat("PRIMARY KEY (", absl::StrJoin(KeyOf(table), ", "), ")"));
  }
  return absl::StrCat("CREATE TABLE ", table.name, " (",
                      absl::StrJoin(parts, ", "), ")");
}

}  // namespace holdline
