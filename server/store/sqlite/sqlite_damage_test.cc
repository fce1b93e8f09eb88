// The SQLite store and real damage: to its file, its directory, its disk.

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/sqlite/sqlite_connection.h"
#include "server/store/sqlite/sqlite_store.h"
#include "server/store/testing/bound_by_modes.h"
#include "server/store/testing/pipeline_samples.h"
#include "server/store/testing/store_samples.h"
#include "server/store/testing/temporary_directory.h"

namespace holdline {
namespace {

using testing::HasSubstr;

// No file of this process may grow beyond `bytes` while it lives.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit = {bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() { setrlimit(RLIMIT_FSIZE, &before_); }

  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_;
};

class SqliteDamageTest : public testing::Test {
 protected:
  void Open() {
    archive_ = nullptr;
    store_ = nullptr;
    auto opened = SqliteStore::Open(path());
    ASSERT_TRUE(opened.ok()) << opened.status();
    store_ = *std::move(opened);
    archive_ = store_->OpenArchive();
  }

  // Commits a task with a payload, and remembers it if that succeeded.
  absl::Status Submit(uint64_t id, size_t payload_bytes = 100) {
    Batch batch;
    AddNew(SampleTask(id), std::string(payload_bytes, 'x'), batch);
    absl::Status status = store_->diary().Commit(batch, PipelineBatch());
    if (status.ok()) reference_.Apply(batch);
    return status;
  }

  // The store holds what was acknowledged and works.
  void ExpectRecovered(uint64_t next_id) {
    auto state = store_->diary().Load();
    ASSERT_TRUE(state.ok()) << state.status();
    EXPECT_TRUE(*state == reference_.Live());
    EXPECT_EQ(Submit(next_id), absl::OkStatus());
  }

  static void ExpectWords(const absl::Status& status, absl::StatusCode code,
                          const std::vector<std::string>& words) {
    EXPECT_EQ(status.code(), code) << status;
    for (const std::string& word : words) {
      EXPECT_THAT(std::string(status.message()), HasSubstr(word));
    }
  }

  // Writes 'x' over `size` bytes of the closed database.
  void Overwrite(int64_t offset, int64_t size) {
    std::fstream file(database(),
                      std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(offset);
    file << std::string(static_cast<size_t>(size), 'x');
  }

  const std::string& path() const { return directory_.path(); }
  std::string database() const { return path() + "/holdline.db"; }

  TemporaryDirectory directory_;
  std::unique_ptr<SqliteStore> store_;
  std::unique_ptr<Archive> archive_;
  Reference reference_;
};

TEST_F(SqliteDamageTest, SaysThatAFileMayNotGrowAndGoesOnWhenItMay) {
  Open();
  ASSERT_TRUE(Submit(1).ok());
  {
    FileSizeLimit limit(256 << 10);
    ExpectWords(Submit(2, 1 << 20), absl::StatusCode::kUnavailable,
                {database(), "file size", "ulimit -f"});
  }
  ExpectRecovered(3);
}

TEST_F(SqliteDamageTest, SaysThatAPageIsDamaged) {
  Open();
  for (uint64_t id = 1; id <= 50; ++id) ASSERT_TRUE(Submit(id, 1000).ok());
  store_ = nullptr;
  const auto size =
      static_cast<int64_t>(std::filesystem::file_size(database()));
  Overwrite(4096, size - 4096);
  auto opened = SqliteStore::Open(path());
  absl::Status status = opened.status();
  if (opened.ok()) status = (*opened)->diary().Load().status();
  ExpectWords(status, absl::StatusCode::kDataLoss,
              {database(), "damaged", "restore it from a backup"});
}

TEST_F(SqliteDamageTest, SaysThatTheBeginningIsDamaged) {
  Open();
  store_ = nullptr;
  Overwrite(0, 100);
  ExpectWords(SqliteStore::Open(path()).status(), absl::StatusCode::kDataLoss,
              {database(), "not a database", "backup"});
}

TEST_F(SqliteDamageTest, SaysThatTheFileWasCutShort) {
  Open();
  for (uint64_t id = 1; id <= 50; ++id) ASSERT_TRUE(Submit(id, 1000).ok());
  store_ = nullptr;
  ASSERT_EQ(truncate(database().c_str(), 8192), 0);
  auto opened = SqliteStore::Open(path());
  absl::Status status = opened.status();
  if (opened.ok()) status = (*opened)->diary().Load().status();
  ExpectWords(status, absl::StatusCode::kDataLoss, {database(), "damaged"});
}

TEST_F(SqliteDamageTest, SaysThatAValueIsImpossible) {
  Open();
  ASSERT_TRUE(Submit(1).ok());
  auto other = *SqliteConnection::Open(database(), SqliteMode::kReadWrite);
  ASSERT_TRUE(other->Run("UPDATE task_state SET phase = 9").ok());
  ExpectWords(store_->diary().Load().status(), absl::StatusCode::kDataLoss,
              {database(), "damaged", "phase"});
  ExpectWords(archive_->History({"000000000000"}, TaskId{1}).status(),
              absl::StatusCode::kDataLoss, {"phase"});
  ASSERT_TRUE(other->Run("UPDATE task_state SET phase = 0").ok());
  ExpectRecovered(2);
  EXPECT_TRUE(archive_->History({"000000000000"}, TaskId{1}).ok());
}

TEST_F(SqliteDamageTest, SaysThatAMessageIsDamaged) {
  Open();
  ASSERT_TRUE(store_->diary().Commit({}, SamplePipelineBatch()).ok());
  auto other = *SqliteConnection::Open(database(), SqliteMode::kReadWrite);
  for (const auto& [table, column] :
       {std::pair("pipeline", "tags"), std::pair("definition", "definition"),
        std::pair("component", "health_from"),
        std::pair("instance", "waiting_on")}) {
    SCOPED_TRACE(column);
    ASSERT_TRUE(
        other
            ->Run(absl::StrCat("UPDATE ", table, " SET ", column, " = CAST(",
                               column, " || X'00' AS BLOB)"))
            .ok());
    ExpectWords(store_->diary().LoadPipelines().status(),
                absl::StatusCode::kDataLoss, {database(), "damaged", column});
    ASSERT_TRUE(
        other
            ->Run(absl::StrCat("UPDATE ", table, " SET ", column, " = substr(",
                               column, ", 1, length(", column, ") - 1)"))
            .ok());
    EXPECT_EQ(store_->diary().LoadPipelines().status(), absl::OkStatus());
  }
}

TEST_F(SqliteDamageTest, SaysThatHalfATaskIsMissing) {
  Open();
  ASSERT_TRUE(Submit(1).ok());
  auto other = *SqliteConnection::Open(database(), SqliteMode::kReadWrite);
  ASSERT_TRUE(other->Run("DELETE FROM task").ok());
  ExpectWords(store_->diary().Load().status(), absl::StatusCode::kDataLoss,
              {database(), "account is missing"});
}

TEST_F(SqliteDamageTest, SaysThatTheSecretIsMissing) {
  Open();
  auto other = *SqliteConnection::Open(database(), SqliteMode::kReadWrite);
  ASSERT_TRUE(other->Run("UPDATE secret SET secret = X'00'").ok());
  ExpectWords(store_->diary().Secret().status(), absl::StatusCode::kDataLoss,
              {database(), "damaged"});
}

TEST_F(SqliteDamageTest, RefusesToWriteInADeletedFileAndGoesOnWithItsReturn) {
  Open();
  ASSERT_TRUE(Submit(1).ok());
  Open();  // moves the log into the file
  const std::string aside = database() + ".aside";
  std::filesystem::rename(database(), aside);
  ExpectWords(Submit(2), absl::StatusCode::kUnavailable,
              {database(), "deleted, moved or replaced", "put it back"});
  ExpectWords(store_->diary().Load().status(), absl::StatusCode::kUnavailable,
              {database()});
  EXPECT_FALSE(std::filesystem::exists(database()));
  std::filesystem::rename(aside, database());
  ExpectRecovered(3);
}

TEST_F(SqliteDamageTest, SaysThatAnotherProgramHasLockedTheDatabase) {
  Open();
  ASSERT_TRUE(Submit(1).ok());
  auto other = *SqliteConnection::Open(database(), SqliteMode::kReadWrite);
  ASSERT_TRUE(other->Run("BEGIN IMMEDIATE").ok());
  ExpectWords(Submit(2), absl::StatusCode::kUnavailable,
              {database(), "locked by another program"});
  EXPECT_TRUE(archive_->History({"000000000000"}, TaskId{1}).ok());
  ASSERT_TRUE(other->Run("ROLLBACK").ok());
  ExpectRecovered(3);
}

TEST_F(SqliteDamageTest, SaysThatTheFileCannotBeWritten) {
  Open();
  ASSERT_TRUE(Submit(1).ok());
  store_ = nullptr;
  ASSERT_EQ(chmod(database().c_str(), 0400), 0);
  {
    BoundByModes bound;
    ExpectWords(SqliteStore::Open(path()).status(),
                absl::StatusCode::kUnavailable,
                {database(), "cannot be written", "writable"});
  }
  ASSERT_EQ(chmod(database().c_str(), 0600), 0);
  Open();
  ExpectRecovered(2);
}

TEST_F(SqliteDamageTest, SaysThatTheDirectoryCannotBeWritten) {
  Open();
  ASSERT_TRUE(Submit(1).ok());
  store_ = nullptr;
  ASSERT_EQ(chmod(path().c_str(), 0500), 0);
  {
    BoundByModes bound;
    ExpectWords(SqliteStore::Open(path()).status(),
                absl::StatusCode::kUnavailable,
                {path(), "cannot be written", "writable"});
  }
  ASSERT_EQ(chmod(path().c_str(), 0700), 0);
  Open();
  ExpectRecovered(2);
}

TEST_F(SqliteDamageTest, NeverTellsASecretInAnError) {
  Open();
  Task task = SampleTask(1);
  Batch batch;
  AddNew(task, "PASSWORD", batch);
  ASSERT_TRUE(store_->diary().Commit(batch, PipelineBatch()).ok());
  const absl::Status status = store_->diary().Commit(batch, PipelineBatch());
  EXPECT_THAT(std::string(status.message()),
              testing::Not(HasSubstr("PASSWORD")));
}

TEST_F(SqliteDamageTest, SurvivesWithoutACloseWhatWasAcknowledged) {
  Open();
  for (uint64_t id = 1; id <= 10; ++id) ASSERT_TRUE(Submit(id).ok());
  // The files as kill -9 leaves them, in a directory of their own.
  TemporaryDirectory left;
  for (const char* name : {"/holdline.db", "/holdline.db-wal"}) {
    std::filesystem::copy(path() + name, left.path() + name);
  }
  auto restarted = SqliteStore::Open(left.path());
  ASSERT_TRUE(restarted.ok()) << restarted.status();
  EXPECT_TRUE(*(*restarted)->diary().Load() == reference_.Live());
}

}  // namespace
}  // namespace holdline
