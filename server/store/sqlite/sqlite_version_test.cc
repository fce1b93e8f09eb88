// Databases of other versions, of other programs, and migrations that fail.

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/sqlite/sqlite_connection.h"
#include "server/store/sqlite/sqlite_schema.h"
#include "server/store/sqlite/sqlite_store.h"
#include "server/store/testing/pipeline_samples.h"
#include "server/store/testing/store_samples.h"
#include "server/store/testing/temporary_directory.h"

namespace holdline {
namespace {

using testing::HasSubstr;

// Every version that a user may have.
constexpr int kVersions[] = {1, 2, 3, 4, 5, 6, 7, 8};

class DatabaseFile {
 public:
  const std::string& directory() const { return directory_.path(); }

  std::unique_ptr<SqliteConnection> Connect() {
    const std::string path = directory_.path() + "/holdline.db";
    std::ofstream(path, std::ios::app).close();
    return *SqliteConnection::Open(path, SqliteMode::kReadWrite);
  }

  // Runs SQL as another program would.
  void Run(const std::string& sql) {
    EXPECT_EQ(Connect()->Run(sql), absl::OkStatus());
  }

  int64_t Number(const std::string& sql) { return *Connect()->Number(sql); }

 private:
  TemporaryDirectory directory_;
};

std::string Dump(int version) {
  std::ifstream file(
      absl::StrCat("server/store/sqlite/testdata/version_", version, ".sql"));
  std::stringstream content;
  content << file.rdbuf();
  EXPECT_FALSE(content.str().empty()) << "no dump of version " << version;
  return content.str();
}

// The rows of pipelines in the dump of a version, as they are to be read.
PipelineBatch PipelinesOf(int version) {
  if (version < 2) return {};
  PipelineBatch batch = SamplePipelineBatch();
  if (version >= 8) return batch;
  for (PipelineRecord& record : batch.pipelines) record.order = PendingOrder();
  for (Instance& instance : batch.instances) {
    instance.rerun_reach = RerunReach::kNobody;
  }
  return batch;
}

class SqliteVersionTest : public testing::TestWithParam<int> {
 protected:
  DatabaseFile file_;
};

TEST_P(SqliteVersionTest, OpensADatabaseOfThisVersionWithAllThatIsInIt) {
  file_.Run(Dump(GetParam()));
  auto store = SqliteStore::Open(file_.directory());
  ASSERT_TRUE(store.ok()) << store.status();

  Reference reference;
  reference.Apply(SampleBatch());
  auto state = (*store)->diary().Load();
  ASSERT_TRUE(state.ok()) << state.status();
  EXPECT_TRUE(*state == reference.Live());
  const auto archive = (*store)->OpenArchive();
  for (const auto& [id, expected] : reference.tasks()) {
    auto history = *archive->History(expected.task.spec.group.account, id);
    ASSERT_TRUE(history.has_value());
    EXPECT_EQ(history->task, expected.task);
    EXPECT_EQ(history->payload, expected.payload);
    EXPECT_EQ(history->ended_attempts, expected.ended_attempts);
  }
}

TEST_P(SqliteVersionTest, KeepsTheSecretOfThisVersion) {
  file_.Run(Dump(GetParam()));
  const int64_t found = file_.Number(
      "SELECT count(*) AS n FROM secret WHERE length(secret) = 32");
  ASSERT_EQ(found, 1);
  const std::string secret =
      *(*SqliteStore::Open(file_.directory()))->diary().Secret();
  EXPECT_EQ(*(*SqliteStore::Open(file_.directory()))->diary().Secret(), secret);
}

TEST_P(SqliteVersionTest, FindsThePipelinesOfThisVersion) {
  file_.Run(Dump(GetParam()));
  auto store = *SqliteStore::Open(file_.directory());
  PipelineReference reference;
  reference.Apply(PipelinesOf(GetParam()));
  auto rows = store->diary().LoadPipelines();
  ASSERT_TRUE(rows.ok()) << rows.status();
  Sort(*rows);
  EXPECT_TRUE(Same(*rows, reference.Rows()));
  const auto archive = store->OpenArchive();
  for (const auto& [number, record] : reference.pipelines()) {
    EXPECT_EQ(*archive->FindPipeline(record.account, record.id), record);
  }
  for (const auto& [key, instance] : reference.instances()) {
    EXPECT_EQ(*archive->ReadInstance(key), instance);
  }
}

TEST_P(SqliteVersionTest, KeepsPipelinesFromThenOn) {
  file_.Run(Dump(GetParam()));
  auto store = *SqliteStore::Open(file_.directory());
  PipelineBatch batch;
  batch.pipelines = {SamplePipeline(5)};
  Batch tasks;
  tasks.counters = store->diary().Load()->counters;
  ASSERT_EQ(store->diary().Commit(tasks, batch), absl::OkStatus());
  EXPECT_EQ(
      *store->OpenArchive()->FindPipeline(batch.pipelines[0].account, "df-5"),
      batch.pipelines[0]);
}

INSTANTIATE_TEST_SUITE_P(EachVersion, SqliteVersionTest,
                         testing::ValuesIn(kVersions),
                         testing::PrintToStringParamName());

// The values that versions 2 to 5 have packed.
TEST(SqliteVersions, AreLeftIfAValueCannotBeReadAsWhatWasWritten) {
  for (const char* damage : {"UPDATE pipeline SET tags = X'01'",
                             "UPDATE definition SET definition = X'02000000'",
                             "UPDATE component SET health_from = X''",
                             "UPDATE component SET health_from = X'010100'",
                             "UPDATE instance SET waiting_on = X'0105'",
                             "UPDATE instance SET cascade_failed_on = X'FF'"}) {
    SCOPED_TRACE(damage);
    DatabaseFile file;
    file.Run(Dump(5));
    file.Run(damage);
    const auto store = SqliteStore::Open(file.directory());
    EXPECT_EQ(store.status().code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(std::string(store.status().message()),
                HasSubstr("restore it from a backup"));
    EXPECT_EQ(file.Number("SELECT user_version AS n FROM pragma_user_version"),
              5);
  }
}

TEST(SqliteVersions, AreAllTested) {
  EXPECT_EQ(std::ssize(kVersions), std::ssize(Migrations()));
}

class SqliteSchemaTest : public testing::Test {
 protected:
  // Opens the store and expects the refusal to say each of `words`.
  void ExpectRefused(absl::StatusCode code,
                     const std::vector<std::string>& words) {
    auto store = SqliteStore::Open(file_.directory());
    ASSERT_FALSE(store.ok());
    EXPECT_EQ(store.status().code(), code);
    for (const std::string& word : words) {
      EXPECT_THAT(std::string(store.status().message()), HasSubstr(word));
    }
  }

  int64_t Version() {
    return file_.Number("SELECT user_version AS n FROM pragma_user_version");
  }

  DatabaseFile file_;
};

TEST_F(SqliteSchemaTest, RefusesADatabaseOfANewerVersion) {
  ASSERT_TRUE(SqliteStore::Open(file_.directory()).ok());
  file_.Run("PRAGMA user_version = 99");
  ExpectRefused(absl::StatusCode::kFailedPrecondition,
                {"holdline.db", "newer Holdline", "version 99"});
}

TEST_F(SqliteSchemaTest, RefusesAndLeavesADatabaseOfAnotherProgram) {
  file_.Run("CREATE TABLE album (title TEXT)");
  ExpectRefused(absl::StatusCode::kFailedPrecondition,
                {"holdline.db", "another program"});
  file_.Run("PRAGMA application_id = 7; PRAGMA user_version = 1");
  ExpectRefused(absl::StatusCode::kFailedPrecondition, {"another program"});
  EXPECT_EQ(file_.Number("SELECT count(*) AS n FROM sqlite_schema"), 1);
  EXPECT_EQ(file_.Number("SELECT (journal_mode = 'delete') AS n FROM "
                         "pragma_journal_mode"),
            1);
}

TEST_F(SqliteSchemaTest, RefusesAFileThatIsNoDatabase) {
  std::ofstream(file_.directory() + "/holdline.db") << std::string(8192, 'x');
  ExpectRefused(absl::StatusCode::kDataLoss,
                {"holdline.db", "not a database", "backup"});
}

TEST_F(SqliteSchemaTest, AnEmptyFileBecomesADatabase) {
  std::ofstream(file_.directory() + "/holdline.db").close();
  EXPECT_TRUE(SqliteStore::Open(file_.directory()).ok());
  EXPECT_EQ(Version(), std::ssize(Migrations()));
}

TEST_F(SqliteSchemaTest, AFailedMigrationLeavesTheVersionBefore) {
  const absl::string_view broken[] = {
      "CREATE TABLE one (id INTEGER); PRAGMA application_id = 0x484F4C44;",
      "CREATE TABLE two (id INTEGER);",
      "CREATE TABLE three (id INTEGER); CREATE TABLE one (id INTEGER);"};
  {
    auto connection = file_.Connect();
    EXPECT_FALSE(Migrate(*connection, broken).ok());
    EXPECT_TRUE(connection->Run("INSERT INTO two VALUES (1)").ok());
  }
  EXPECT_EQ(Version(), 2);
  EXPECT_EQ(file_.Number("SELECT count(*) AS n FROM sqlite_schema"), 2);
}

TEST_F(SqliteSchemaTest, AMigrationGoesOnWhereTheLastOneStopped) {
  const absl::string_view migrations[] = {
      "CREATE TABLE one (id INTEGER); PRAGMA application_id = 0x484F4C44;",
      "CREATE TABLE two (id INTEGER);", "INSERT INTO one SELECT 3;"};
  auto connection = file_.Connect();
  ASSERT_TRUE(Migrate(*connection, {migrations, 2}).ok());
  ASSERT_TRUE(CheckSchema(*connection, migrations).ok());
  ASSERT_TRUE(Migrate(*connection, migrations).ok());
  ASSERT_TRUE(Migrate(*connection, migrations).ok());
  EXPECT_EQ(*connection->Number("SELECT sum(id) AS n FROM one"), 3);
  EXPECT_EQ(CheckSchema(*connection, {migrations, 2}).code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace holdline
