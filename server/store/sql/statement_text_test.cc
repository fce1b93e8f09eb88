#include "server/store/sql/statement_text.h"

#include <array>
#include <string>

#include "gtest/gtest.h"

namespace holdline {
namespace {

struct Inner {
  std::string name;
  double weight = 0;
};

struct Sample {
  int64_t id = 0;
  Inner inner;
  std::string bytes;
};

constexpr std::array kColumns = {
    Member<&Sample::id>("id"),
    Member<&Sample::inner, &Inner::name>("name"),
    Member<&Sample::inner, &Inner::weight>("weight"),
    Bytes<&Sample::bytes>("bytes"),
};
constexpr Table<Sample> kTable = {"sample", kColumns, 1};

constexpr Dialect kDialect = {
    .integer = "I",
    .real = "R",
    .text = "T",
    .blob = "B",
    .parameter = "#",
    .has_named_parameters = false,
    .join_from_left = "JOIN",
    .has_index_hints = false,
    .has_replace = false,
    .row_number = "r",
};

TEST(StatementText, NumbersTheParametersByTheTable) {
  const TableShape table(kTable);
  EXPECT_EQ(InsertRow(table, kDialect),
            "INSERT INTO sample (id, name, weight, bytes) VALUES "
            "(#1, #2, #3, #4)");
  EXPECT_EQ(UpdateRow(table, kDialect),
            "UPDATE sample SET name = #2, weight = #3, bytes = #4 "
            "WHERE id = #1");
  EXPECT_EQ(UpsertRow(table, kDialect),
            "INSERT INTO sample (id, name, weight, bytes) VALUES "
            "(#1, #2, #3, #4) ON CONFLICT (id) DO UPDATE SET "
            "name = excluded.name, weight = excluded.weight, "
            "bytes = excluded.bytes");
  EXPECT_EQ(SelectRows(table), "SELECT id, name, weight, bytes FROM sample ");
}

TEST(StatementText, LeavesColumnsAlone) {
  const TableShape table(kTable);
  EXPECT_EQ(UpdateRow(table, kDialect, {"weight"}),
            "UPDATE sample SET name = #2, bytes = #4 "
            "WHERE id = #1 AND weight = #3");
  EXPECT_EQ(UpsertRow(table, kDialect, {"name", "weight"}),
            "INSERT INTO sample (id, name, weight, bytes) VALUES "
            "(#1, #2, #3, #4) ON CONFLICT (id) DO UPDATE SET "
            "bytes = excluded.bytes");
}

TEST(StatementText, ReplacesARowWhereThatIsKnown) {
  const TableShape table(kTable);
  EXPECT_EQ(ReplaceRow(table, kDialect), UpsertRow(table, kDialect));
  Dialect knows = kDialect;
  knows.has_replace = true;
  EXPECT_EQ(ReplaceRow(table, knows),
            "INSERT OR REPLACE INTO sample (id, name, weight, bytes) VALUES "
            "(#1, #2, #3, #4)");
}

TEST(StatementText, ChangesTheOnlyRowOfATableWithoutAKey) {
  const Table<Sample> table = {"one", kColumns, 0};
  EXPECT_EQ(UpdateRow(TableShape(table), kDialect),
            "UPDATE one SET id = #1, name = #2, weight = #3, bytes = #4");
}

TEST(StatementText, MakesATable) {
  EXPECT_EQ(CreateTable(TableShape(kTable), kDialect),
            "CREATE TABLE sample (id I NOT NULL, name T NOT NULL, "
            "weight R NOT NULL, bytes B NOT NULL, PRIMARY KEY (id))");
}

TEST(Dialect, GivesANameTheSameNumberEachTime) {
  EXPECT_EQ(kDialect.NumberParameters("a = :a AND (b > :b_2 OR c = :a) :c"),
            "a = #1 AND (b > #2 OR c = #1) #3");
  EXPECT_EQ(kDialect.NumberParameters("nothing"), "nothing");
}

TEST(Dialect, LeavesNamesToADatabaseThatKnowsThem) {
  Dialect knows = kDialect;
  knows.has_named_parameters = true;
  EXPECT_EQ(knows.NumberParameters("a = :a"), "a = :a");
}

}  // namespace
}  // namespace holdline
