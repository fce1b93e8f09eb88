// The texts of statements that are made from a table's list of columns.
//
// Their parameters are the columns, numbered in the order of the list, so that
// a row is bound to all of them alike.

#ifndef HOLDLINE_SERVER_STORE_SQL_STATEMENT_TEXT_H_
#define HOLDLINE_SERVER_STORE_SQL_STATEMENT_TEXT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/store/sql/dialect.h"
#include "server/store/sql/table.h"

namespace holdline {

using ColumnNames = std::vector<absl::string_view>;

// Adds a row.
std::string InsertRow(const TableShape& table, const Dialect& dialect);

// Updates the row with the bound key, or all rows of a table without a key. No
// effect if the bound value of an `unchanged` column differs from the row's.
std::string UpdateRow(const TableShape& table, const Dialect& dialect,
                      const ColumnNames& unchanged = {});

// Adds a row, or updates all but the `kept` columns of the one with its key.
std::string UpsertRow(const TableShape& table, const Dialect& dialect,
                      const ColumnNames& kept = {});

// Adds a row, or replaces the one with its key. For tables with few further
// indexes: SQLite rewrites all of them.
std::string ReplaceRow(const TableShape& table, const Dialect& dialect);

// The columns, each with `prefix` before its name.
std::string ColumnList(const TableShape& table, absl::string_view prefix = "");

// Reads all rows; conditions may follow.
std::string SelectRows(const TableShape& table);

// Makes the table, without further indexes.
std::string CreateTable(const TableShape& table, const Dialect& dialect);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQL_STATEMENT_TEXT_H_
