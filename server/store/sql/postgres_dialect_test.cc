// That the tables and statements do for PostgreSQL, too: made for it, and held
// against what it would be told.

#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/sql/pipeline_statements.h"
#include "server/store/sql/pipeline_tables.h"
#include "server/store/sql/statement_text.h"
#include "server/store/sql/task_statements.h"
#include "server/store/sql/task_tables.h"

namespace holdline {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr Dialect kPostgres = {
    .integer = "BIGINT",
    .real = "DOUBLE PRECISION",
    .text = "TEXT",
    .blob = "BYTEA",
    .parameter = "$",
    .has_named_parameters = false,
    .join_from_left = "JOIN",
    .has_index_hints = false,
    .has_replace = false,
    .row_number = "row_number",  // GENERATED ALWAYS AS IDENTITY
};

template <typename Statement>
std::vector<std::string> TextsTo(Statement last, const Dialect& dialect) {
  std::vector<std::string> texts;
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    texts.push_back(TextOf(static_cast<Statement>(i), dialect));
  }
  return texts;
}

std::vector<std::string> AllTexts(const Dialect& dialect) {
  std::vector<std::string> texts = TextsTo(kLastTaskStatement, dialect);
  const auto more = TextsTo(kLastPipelineStatement, dialect);
  texts.insert(texts.end(), more.begin(), more.end());
  return texts;
}

// The numbers that stand behind `$`.
std::set<int> Parameters(absl::string_view sql) {
  std::set<int> numbers;
  for (size_t at = sql.find('$'); at != sql.npos; at = sql.find('$', at + 1)) {
    size_t end = at + 1;
    while (end < sql.size() && absl::ascii_isdigit(sql[end])) ++end;
    int number = 0;
    EXPECT_TRUE(absl::SimpleAtoi(sql.substr(at + 1, end - at - 1), &number));
    numbers.insert(number);
  }
  return numbers;
}

TEST(PostgresDialect, HasATextForEveryStatement) {
  for (const std::string& text : AllTexts(kPostgres)) {
    SCOPED_TRACE(text);
    EXPECT_NE(text, "");
    for (const char* foreign : {":", "?", "INDEXED BY", "CROSS JOIN", "rowid",
                                "OR REPLACE", "OR IGNORE", "0x"}) {
      EXPECT_THAT(text, Not(HasSubstr(foreign)));
    }
  }
}

TEST(PostgresDialect, NumbersParametersWithoutAGap) {
  for (const std::string& text : AllTexts(kPostgres)) {
    SCOPED_TRACE(text);
    const std::set<int> numbers = Parameters(text);
    if (numbers.empty()) continue;
    EXPECT_EQ(*numbers.begin(), 1);
    EXPECT_EQ(*numbers.rbegin(), static_cast<int>(numbers.size()));
  }
}

TEST(PostgresDialect, StoresRows) {
  EXPECT_EQ(TextOf(TaskStatement::kPutRunner, kPostgres),
            "INSERT INTO runner (account, name, hostname, worker_group, "
            "heartbeat_at, draining) VALUES ($1, $2, $3, $4, $5, $6) "
            "ON CONFLICT (account, name) DO UPDATE SET "
            "hostname = excluded.hostname, "
            "worker_group = excluded.worker_group, "
            "heartbeat_at = excluded.heartbeat_at, "
            "draining = excluded.draining");
  EXPECT_EQ(TextOf(TaskStatement::kUpdateCounter, kPostgres),
            "UPDATE counter SET next_lease = $1");
  EXPECT_EQ(TextOf(PipelineStatement::kPutLeftover, kPostgres),
            "INSERT INTO leftover (pipeline) VALUES ($1) "
            "ON CONFLICT DO NOTHING");
}

TEST(PostgresDialect, ChangesAnInstanceWithoutTouchingAnIndex) {
  EXPECT_EQ(TextOf(PipelineStatement::kChangeInstance, kPostgres),
            "UPDATE instance SET end_time = $5, version = $6, status = $7, "
            "started_at = $9, attempts = $11, retries_left = $12, task = $13, "
            "rerun = $14, rerun_reach = $15, late = $16, waiting_on = $17, "
            "cascade_failed_on = $18, error_id = $19, error_message = $20, "
            "stack_trace = $21, cancellation_reason = $22, rechecks = $23, "
            "rechecked_at = $24 "
            "WHERE pipeline = $1 AND start_time = $2 AND component = $3 AND "
            "owner = $4 AND created_at = $8 AND ended_at = $10");
}

TEST(PostgresDialect, FindsRowsByNumberedParameters) {
  EXPECT_EQ(TextOf(PipelineStatement::kListPipelines, kPostgres),
            absl::StrCat(SelectRows(TableShape(kPipelineTable)),
                         "WHERE account = $1 AND state <> 5 AND number > $2 "
                         "ORDER BY number LIMIT $3"));
  EXPECT_EQ(TextOf(PipelineStatement::kDeleteSomeDefinitions, kPostgres),
            "DELETE FROM definition WHERE pipeline = $1 AND (version) IN "
            "(SELECT version FROM definition WHERE pipeline = $1 LIMIT $2)");
  EXPECT_EQ(TextOf(PipelineStatement::kCountCreated, kPostgres),
            "SELECT count(*) AS n FROM (SELECT 1 FROM instance WHERE "
            "pipeline = $1 AND created_at BETWEEN $2 AND $3 LIMIT $4) AS few");
}

TEST(PostgresDialect, MakesTables) {
  EXPECT_EQ(CreateTable(TableShape(kGroupTable), kPostgres),
            "CREATE TABLE worker_group (account TEXT NOT NULL, "
            "name TEXT NOT NULL, paused BIGINT NOT NULL, "
            "draining BIGINT NOT NULL, PRIMARY KEY (account, name))");
  EXPECT_EQ(CreateTable(TableShape(kDefinitionTable), kPostgres),
            "CREATE TABLE definition (pipeline BIGINT NOT NULL, "
            "version BIGINT NOT NULL, definition BYTEA NOT NULL, "
            "PRIMARY KEY (pipeline, version))");
  EXPECT_THAT(CreateTable(TableShape(kTaskTable), kPostgres),
              HasSubstr("retry_backoff DOUBLE PRECISION NOT NULL"));
  EXPECT_EQ(CreateTable(TableShape(kSecretTable), kPostgres),
            "CREATE TABLE secret (secret BYTEA NOT NULL)");
}

}  // namespace
}  // namespace holdline
