// The SQLite store and files that are lost or replaced: while it is open it
// saves what it has acknowledged, and it does not open silently without it.

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/sqlite/sqlite_store.h"
#include "server/store/testing/store_samples.h"
#include "server/store/testing/temporary_directory.h"

namespace holdline {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const AccountId kAccount{"000000000000"};

class SqliteLossTest : public testing::Test {
 protected:
  absl::Status Open(bool accept_loss = false) {
    archive_ = nullptr;
    store_ = nullptr;
    notices_.clear();
    auto opened = SqliteStore::Open(
        path(), {.accept_loss = accept_loss,
                 .on_notice = [this](const std::string& notice) {
                   notices_.push_back(notice);
                 }});
    if (!opened.ok()) return opened.status();
    store_ = *std::move(opened);
    archive_ = store_->OpenArchive();
    return absl::OkStatus();
  }

  absl::Status Submit(uint64_t id) {
    Batch batch;
    AddNew(SampleTask(id), std::string(100, 'x'), batch);
    absl::Status status = store_->diary().Commit(batch, PipelineBatch());
    if (status.ok()) reference_.Apply(batch);
    return status;
  }

  void OpenAndSubmit(uint64_t tasks) {
    ASSERT_EQ(Open(), absl::OkStatus());
    for (uint64_t id = 1; id <= tasks; ++id) ASSERT_TRUE(Submit(id).ok());
  }

  // Leaves the files as kill -9 would.
  void Kill() {
    TemporaryDirectory aside;
    const auto copy = [](const std::string& from, const std::string& to) {
      for (const auto& file : std::filesystem::directory_iterator(from)) {
        std::filesystem::copy_file(
            file.path(), std::filesystem::path(to) / file.path().filename(),
            std::filesystem::copy_options::overwrite_existing);
      }
    };
    copy(path(), aside.path());
    archive_ = nullptr;
    store_ = nullptr;
    copy(aside.path(), path());
  }

  void ExpectRefused(const std::string& file, const std::string& what) {
    const absl::Status status = Open();
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    const std::string message(status.message());
    EXPECT_THAT(message, HasSubstr(file));
    EXPECT_THAT(message, HasSubstr(what));
    EXPECT_THAT(message, HasSubstr("--accept-loss"));
    EXPECT_THAT(notices_, IsEmpty());
  }

  // The store holds what was acknowledged and works.
  void ExpectWhole(uint64_t next_id) {
    auto state = store_->diary().Load();
    ASSERT_TRUE(state.ok()) << state.status();
    EXPECT_TRUE(*state == reference_.Live());
    EXPECT_EQ(Submit(next_id), absl::OkStatus());
  }

  const std::string& path() const { return directory_.path(); }
  std::string database() const { return path() + "/holdline.db"; }
  std::string log() const { return database() + "-wal"; }
  std::string index() const { return database() + "-shm"; }

  TemporaryDirectory directory_;
  std::unique_ptr<SqliteStore> store_;
  std::unique_ptr<Archive> archive_;
  Reference reference_;
  std::vector<std::string> notices_;
};

TEST_F(SqliteLossTest, ADeletedLogIsMissedBeforeACommitAndSaved) {
  OpenAndSubmit(3);
  ASSERT_TRUE(archive_->History(kAccount, TaskId{1})->has_value());
  std::filesystem::remove(log());
  const absl::Status status = Submit(4);
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(status.message()), HasSubstr(log() + " was deleted"));
  ExpectWhole(5);
  // Who asks about history has the new log too.
  EXPECT_TRUE((*archive_->History(kAccount, TaskId{5})).has_value());
  EXPECT_FALSE((*archive_->History(kAccount, TaskId{4})).has_value());
  Kill();
  ASSERT_EQ(Open(), absl::OkStatus());
  ExpectWhole(6);
}

TEST_F(SqliteLossTest, ALogThatIsDeletedBeforeAnybodyWritesIntoItIsMadeAgain) {
  OpenAndSubmit(3);
  std::filesystem::remove(log());
  EXPECT_EQ(Submit(4).code(), absl::StatusCode::kUnavailable);
  std::filesystem::remove(log());
  ExpectWhole(5);
  Kill();
  ASSERT_EQ(Open(), absl::OkStatus());
  ExpectWhole(6);
}

TEST_F(SqliteLossTest, ALogThatIsGoneAfterAnotherErrorIsMissed) {
  OpenAndSubmit(3);
  // The same task again, which no commit brings.
  Batch twice;
  AddNew(SampleTask(1), "", twice);
  EXPECT_FALSE(store_->diary().Commit(twice, PipelineBatch()).ok());
  std::filesystem::rename(log(), path() + "/aside");
  EXPECT_EQ(Submit(4).code(), absl::StatusCode::kUnavailable);
  EXPECT_FALSE(std::filesystem::exists(log()));
  std::filesystem::rename(path() + "/aside", log());
  ExpectWhole(5);
}

TEST_F(SqliteLossTest, ADeletedLogIsMissedWhenTheStoreIsChecked) {
  OpenAndSubmit(3);
  EXPECT_EQ(store_->diary().Check(), absl::OkStatus());
  std::filesystem::remove(log());
  EXPECT_EQ(store_->diary().Check().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(store_->diary().Check(), absl::OkStatus());
  ExpectWhole(4);
}

TEST_F(SqliteLossTest, ALogThatReplacesOursIsNeverRead) {
  OpenAndSubmit(1);
  const std::string old = path() + "/old";
  std::filesystem::copy_file(log(), old);
  ASSERT_TRUE(Submit(2).ok());
  std::filesystem::rename(old, log());
  EXPECT_EQ(Submit(3).code(), absl::StatusCode::kUnavailable);
  ExpectWhole(4);
  EXPECT_TRUE(std::filesystem::exists(log() + ".lost"));
  Kill();
  ASSERT_EQ(Open(), absl::OkStatus());
  ExpectWhole(5);
}

TEST_F(SqliteLossTest, ADatabaseThatReplacesOursIsNeverRead) {
  OpenAndSubmit(2);
  TemporaryDirectory aside;
  const std::string other = aside.path() + "/holdline.db";
  std::filesystem::copy_file(database(), other);
  ASSERT_TRUE(Submit(3).ok());
  ASSERT_TRUE(archive_->History(kAccount, TaskId{3})->has_value());
  std::filesystem::rename(database(), path() + "/ours");
  std::filesystem::rename(other, database());
  for (int i = 0; i < 2; ++i) {
    const auto history = archive_->History(kAccount, TaskId{3});
    EXPECT_EQ(history.status().code(), absl::StatusCode::kUnavailable);
    EXPECT_THAT(std::string(history.status().message()),
                HasSubstr(database() + " was deleted, moved or replaced"));
  }
  std::filesystem::rename(path() + "/ours", database());
  EXPECT_TRUE(archive_->History(kAccount, TaskId{3})->has_value());
  ExpectWhole(4);
}

TEST_F(SqliteLossTest, ADeletedLogIsSavedByAnOrderlyEndToo) {
  OpenAndSubmit(3);
  std::filesystem::remove(log());
  ASSERT_EQ(Open(), absl::OkStatus());
  ExpectWhole(4);
}

TEST_F(SqliteLossTest, ALogThatIsCutShortIsNotBuiltOn) {
  OpenAndSubmit(3);
  ASSERT_EQ(truncate(log().c_str(), 5000), 0);
  EXPECT_EQ(Submit(4).code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(store_->diary().Load().status().code(),
            absl::StatusCode::kUnavailable);
  archive_ = nullptr;
  store_ = nullptr;
  ExpectRefused(log(), "is damaged");
  EXPECT_EQ(Open(/*accept_loss=*/true), absl::OkStatus());
  EXPECT_TRUE(store_->diary().Load().ok());
}

TEST_F(SqliteLossTest, ADatabaseThatIsMovedAwayIsMissedAndFoundAgain) {
  OpenAndSubmit(3);
  std::filesystem::rename(database(), path() + "/aside");
  EXPECT_EQ(store_->diary().Check().code(), absl::StatusCode::kUnavailable);
  // Another file in its place does not do.
  std::filesystem::copy_file(path() + "/aside", database());
  EXPECT_EQ(store_->diary().Load().status().code(),
            absl::StatusCode::kUnavailable);
  std::filesystem::rename(path() + "/aside", database());
  ExpectWhole(4);
}

// After an error nothing has the files open, on a full disk for example, which
// is when people delete files.
TEST_F(SqliteLossTest, FilesThatAreGoneAfterAnErrorAreNotDoneWithout) {
  for (const std::string& file : {log(), database()}) {
    SCOPED_TRACE(file);
    OpenAndSubmit(0);
    const uint64_t next = static_cast<uint64_t>(reference_.Live().tasks.size());
    ASSERT_TRUE(Submit(next + 1).ok());
    EXPECT_EQ(Submit(next + 1).code(), absl::StatusCode::kDataLoss);
    std::filesystem::rename(file, path() + "/aside");
    EXPECT_EQ(store_->diary().Load().status().code(),
              absl::StatusCode::kUnavailable);
    std::ofstream(file).flush();
    EXPECT_EQ(store_->diary().Load().status().code(),
              absl::StatusCode::kUnavailable);
    std::filesystem::rename(path() + "/aside", file);
    ExpectWhole(next + 2);
  }
}

TEST_F(SqliteLossTest, ADeletedIndexCostsNothing) {
  OpenAndSubmit(3);
  std::filesystem::remove(index());
  ASSERT_TRUE(Submit(4).ok());
  Kill();
  std::filesystem::remove(index());
  ASSERT_EQ(Open(), absl::OkStatus());
  ExpectWhole(5);
}

TEST_F(SqliteLossTest, AMissingDatabaseIsNotBegunAnew) {
  OpenAndSubmit(3);
  Kill();
  std::filesystem::remove(database());
  ExpectRefused(database(), "is missing");
  std::ofstream(database()).flush();
  ExpectRefused(database(), "is empty");
  ASSERT_EQ(Open(/*accept_loss=*/true), absl::OkStatus());
  EXPECT_THAT(notices_, ElementsAre(HasSubstr("loss accepted: the database")));
  EXPECT_TRUE(store_->diary().Load()->tasks.empty());
  EXPECT_TRUE(std::filesystem::exists(log() + ".lost"));
}

TEST_F(SqliteLossTest, AMissingDatabaseIsMissedAlsoAfterAnOrderlyEnd) {
  OpenAndSubmit(3);
  archive_ = nullptr;
  store_ = nullptr;
  EXPECT_FALSE(std::filesystem::exists(log()));
  std::filesystem::rename(database(), path() + "/aside");
  ExpectRefused(database(), "is missing");
  std::filesystem::rename(path() + "/aside", database());
  ASSERT_EQ(Open(), absl::OkStatus());
  ExpectWhole(4);
}

TEST_F(SqliteLossTest, TheDatabaseFileAloneIsTheStoreAfterAnOrderlyEnd) {
  OpenAndSubmit(3);
  archive_ = nullptr;
  store_ = nullptr;
  TemporaryDirectory other;
  std::filesystem::copy_file(database(), other.path() + "/holdline.db");
  auto restored = SqliteStore::Open(other.path());
  ASSERT_TRUE(restored.ok()) << restored.status();
  EXPECT_TRUE(*(*restored)->diary().Load() == reference_.Live());
}

TEST_F(SqliteLossTest, AMissingOrEmptyLogIsMissed) {
  OpenAndSubmit(3);
  Kill();
  std::filesystem::resize_file(log(), 0);
  ExpectRefused(log(), "is empty");
  std::filesystem::remove(log());
  ExpectRefused(log(), "is missing");
  std::filesystem::remove(index());
  ExpectRefused(log(), "is missing");
  ASSERT_EQ(Open(/*accept_loss=*/true), absl::OkStatus());
  EXPECT_THAT(notices_, ElementsAre(HasSubstr("loss accepted: the log")));
  EXPECT_TRUE(store_->diary().Load()->tasks.empty());
}

TEST_F(SqliteLossTest, ADamagedLogIsRefusedAndWhatCanBeReadAccepted) {
  OpenAndSubmit(20);
  Kill();
  const auto size = static_cast<int64_t>(std::filesystem::file_size(log()));
  std::fstream file(log(), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(size / 2);
  file << '!';
  file.close();
  ExpectRefused(log(), "is damaged: at least");
  EXPECT_EQ(static_cast<int64_t>(std::filesystem::file_size(log())), size);
  ASSERT_EQ(Open(/*accept_loss=*/true), absl::OkStatus());
  EXPECT_THAT(notices_, ElementsAre(HasSubstr("loss accepted: the log")));
  const size_t kept = store_->diary().Load()->tasks.size();
  EXPECT_GT(kept, 5u);
  EXPECT_LT(kept, 15u);
  EXPECT_EQ(static_cast<int64_t>(std::filesystem::file_size(log() + ".lost")),
            size);
  ASSERT_EQ(Open(), absl::OkStatus());
  EXPECT_THAT(notices_, IsEmpty());
}

// The index says what was committed; without it, this might be a transaction
// that was cut off by a loss of power.
TEST_F(SqliteLossTest, ATornTransactionIsDroppedAndTold) {
  OpenAndSubmit(3);
  Kill();
  std::filesystem::remove(index());
  std::filesystem::resize_file(log(), std::filesystem::file_size(log()) - 4120);
  ASSERT_EQ(Open(), absl::OkStatus());
  EXPECT_THAT(notices_, ElementsAre(HasSubstr("never committed")));
  EXPECT_EQ(store_->diary().Load()->tasks.size(), 2u);
}

}  // namespace
}  // namespace holdline
