// That what the migrations lead to is what the lists of columns say.

#include <algorithm>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/sql/pipeline_tables.h"
#include "server/store/sql/task_tables.h"
#include "server/store/sqlite/sqlite_connection.h"
#include "server/store/sqlite/sqlite_schema.h"
#include "server/store/testing/temporary_directory.h"

namespace holdline {
namespace {

using testing::UnorderedElementsAreArray;

// A column: its name, its type, and its place in the primary key, from 1; 0 if
// it is not in that.
using ColumnFacts = std::tuple<std::string, std::string, int64_t>;

std::string TypeOf(ValueType type) {
  switch (type) {
    case ValueType::kInteger:
      return "INTEGER";
    case ValueType::kReal:
      return "REAL";
    case ValueType::kText:
      return "TEXT";
    case ValueType::kBlob:
      return "BLOB";
  }
  return "";
}

std::vector<TableShape> AllTables() {
  return {TableShape(kTaskTable),           TableShape(kTaskStateTable),
          TableShape(kAttemptTable),        TableShape(kGroupTable),
          TableShape(kRunnerTable),         TableShape(kRequestTable),
          TableShape(kAccountTable),        TableShape(kCounterTable),
          TableShape(kSecretTable),         TableShape(kPipelineTable),
          TableShape(kLeftoverTable),       TableShape(kDefinitionTable),
          TableShape(kComponentTable),      TableShape(kInstanceTable),
          TableShape(kNotificationTable),   TableShape(kInstanceAttemptTable),
          TableShape(kPipelineCounterTable)};
}

class SqliteTablesTest : public testing::Test {
 protected:
  SqliteTablesTest() {
    const std::string path = directory_.path() + "/holdline.db";
    std::ofstream(path).close();
    connection_ = *SqliteConnection::Open(path, SqliteMode::kReadWrite);
    EXPECT_EQ(Migrate(*connection_, Migrations()), absl::OkStatus());
  }

  std::vector<ColumnFacts> ColumnsOf(const std::string& table) {
    SqliteStatement select(
        *connection_,
        "SELECT name, type, pk FROM pragma_table_info(:name) WHERE "
        "\"notnull\" OR pk > 0");
    select.BindText("name", table);
    std::vector<ColumnFacts> found;
    while (select.Next()) {
      std::string name(select.Text("name"));
      std::string type(select.Text("type"));
      found.emplace_back(name, type, select.Integer("pk"));
    }
    EXPECT_EQ(select.Finish(), absl::OkStatus());
    return found;
  }

  TemporaryDirectory directory_;
  std::unique_ptr<SqliteConnection> connection_;
};

TEST_F(SqliteTablesTest, HaveTheColumnsOfTheLists) {
  for (const TableShape& table : AllTables()) {
    SCOPED_TRACE(table.name);
    std::vector<ColumnFacts> expected;
    for (size_t i = 0; i < table.columns.size(); ++i) {
      const int64_t place =
          i < table.key_columns ? static_cast<int64_t>(i) + 1 : 0;
      expected.emplace_back(table.columns[i].name,
                            TypeOf(table.columns[i].type), place);
    }
    EXPECT_THAT(ColumnsOf(table.name), UnorderedElementsAreArray(expected));
  }
}

TEST_F(SqliteTablesTest, AreAllListed) {
  std::set<std::string> listed;
  for (const TableShape& table : AllTables()) listed.insert(table.name);
  SqliteStatement select(*connection_,
                         "SELECT name FROM sqlite_schema WHERE type = 'table' "
                         "AND name NOT LIKE 'sqlite_%'");
  std::set<std::string> found;
  while (select.Next()) found.emplace(select.Text("name"));
  EXPECT_EQ(select.Finish(), absl::OkStatus());
  EXPECT_EQ(found, listed);
}

}  // namespace
}  // namespace holdline
