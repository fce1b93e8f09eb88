// The room that the SQLite store takes: it is given back after a burst, a
// little at a time, and by compaction.

#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/sqlite/sqlite_connection.h"
#include "server/store/sqlite/sqlite_store.h"
#include "server/store/testing/store_samples.h"
#include "server/store/testing/temporary_directory.h"

namespace holdline {
namespace {

constexpr uint64_t kTasks = 3000;
constexpr int64_t kPage = 4096;

class SqliteSpaceTest : public testing::Test {
 protected:
  SqliteSpaceTest() { Open(); }

  void Open() {
    store_ = nullptr;
    auto opened = SqliteStore::Open(directory_.path());
    ASSERT_TRUE(opened.ok()) << opened.status();
    store_ = *std::move(opened);
  }

  // Stores a burst of ended tasks and a live one, and forgets the ended.
  void BurstAndTrim() {
    Batch batch;
    for (uint64_t id = 1; id <= kTasks; ++id) {
      Task task = SampleTask(id);
      if (id != kTasks / 2) EndTask(task, Phase::kFinished, SampleTime(0));
      AddNew(task, std::string(8000, 'x'), batch);
    }
    ASSERT_TRUE(store_->diary().Commit(batch, PipelineBatch()).ok());
    const auto trimmed = store_->diary().Trim({.tasks = SampleTime(1)},
                                              static_cast<int>(kTasks));
    ASSERT_TRUE(trimmed.ok());
    ASSERT_EQ(*trimmed, static_cast<int>(kTasks) - 1);
  }

  // Makes of the closed database what an earlier version would have made.
  void MakeOld() {
    store_ = nullptr;
    auto database = *SqliteConnection::Open(path(), SqliteMode::kReadWrite);
    ASSERT_TRUE(database
                    ->Run("PRAGMA journal_mode = DELETE;"
                          "PRAGMA auto_vacuum = NONE; VACUUM")
                    .ok());
    database = nullptr;
    Open();
  }

  // Shrinks to the end and returns in how many steps.
  int Shrink() {
    int steps = 0;
    for (;; ++steps) {
      const auto space = store_->diary().Shrink();
      if (!space.ok()) {
        ADD_FAILURE() << space.status();
        return steps;
      }
      if (!space->shrinks) return steps;
    }
  }

  void ExpectSound() {
    EXPECT_EQ(store_->diary().Load()->tasks.size(), 1u);
    EXPECT_EQ(*store_->diary().ReadPayload(TaskId{kTasks / 2}),
              std::string(8000, 'x'));
    auto database = *SqliteConnection::Open(path(), SqliteMode::kReadOnly);
    EXPECT_EQ(*database->Number("SELECT integrity_check = 'ok' AS n FROM "
                                "pragma_integrity_check"),
              1);
  }

  std::string path() const { return directory_.path() + "/holdline.db"; }

  TemporaryDirectory directory_;
  std::unique_ptr<SqliteStore> store_;
};

TEST_F(SqliteSpaceTest, GivesBackWhatABurstTookInBoundedSteps) {
  BurstAndTrim();
  auto space = *store_->Space();
  const int64_t before = space.bytes;
  EXPECT_GT(space.free_bytes, 20 << 20);
  while (space.shrinks) {
    const auto next = store_->diary().Shrink();
    ASSERT_TRUE(next.ok()) << next.status();
    EXPECT_LT(next->bytes, space.bytes);
    EXPECT_LE(space.bytes - next->bytes, 130 * kPage);
    space = *next;
  }
  EXPECT_LE(space.free_bytes, 1024 * kPage);
  EXPECT_LT(space.bytes, before / 3);
  ExpectSound();
  Open();  // moves the log into the file
  EXPECT_LT(static_cast<int64_t>(std::filesystem::file_size(path())),
            before / 3);
  ExpectSound();
}

TEST_F(SqliteSpaceTest, KeepsWhatIsSoonNeededAgain) {
  const auto space = store_->diary().Shrink();
  ASSERT_TRUE(space.ok()) << space.status();
  EXPECT_FALSE(space->shrinks);
  EXPECT_GT(space->bytes, 0);
  EXPECT_EQ(space->bytes % kPage, 0);
}

TEST_F(SqliteSpaceTest, CompactionGivesBackEverythingAlsoOfAnOldDatabase) {
  MakeOld();
  BurstAndTrim();
  const StoreSpace before = *store_->Space();
  EXPECT_FALSE(before.shrinks);
  EXPECT_EQ(Shrink(), 0);
  EXPECT_EQ(store_->Space()->bytes, before.bytes);

  Open();
  int64_t told = 0;
  const auto after =
      store_->Compact([&](int64_t, int64_t total) { told = total; });
  ASSERT_TRUE(after.ok()) << after.status();
  EXPECT_LT(after->bytes, 1 << 20);
  EXPECT_EQ(after->free_bytes, 0);
  EXPECT_LT(told, 1 << 20);
  EXPECT_FALSE(std::filesystem::exists(path() + ".compact"));
  struct stat found;
  ASSERT_EQ(stat(path().c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 07777, 0600u);
  ExpectSound();

  Open();
  ExpectSound();
  ASSERT_EQ(store_->diary().Load()->tasks.size(), 1u);
}

TEST_F(SqliteSpaceTest, ACompactedDatabaseShrinksByItselfLater) {
  MakeOld();
  ASSERT_TRUE(store_->Compact(nullptr).ok());
  BurstAndTrim();
  EXPECT_GT(Shrink(), 10);
  ExpectSound();
}

TEST_F(SqliteSpaceTest, WhatACompactionThatWasCutOffHasLeftIsRemoved) {
  store_ = nullptr;
  std::ofstream(path() + ".compact") << "half a copy";
  Open();
  EXPECT_FALSE(std::filesystem::exists(path() + ".compact"));
}

TEST_F(SqliteSpaceTest, AFolderIsNewUntilAStoreWasBegunInIt) {
  TemporaryDirectory other;
  EXPECT_TRUE(SqliteStore::IsNew(other.path()));
  EXPECT_FALSE(SqliteStore::IsNew(directory_.path()));
}

TEST_F(SqliteSpaceTest, ACompactionThatFailsLeavesTheStoreAsItWas) {
  BurstAndTrim();
  Open();
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit whole;
  getrlimit(RLIMIT_FSIZE, &whole);
  const rlimit limit = {8192, whole.rlim_max};
  setrlimit(RLIMIT_FSIZE, &limit);
  const auto compacted = store_->Compact(nullptr);
  setrlimit(RLIMIT_FSIZE, &whole);
  EXPECT_EQ(compacted.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_FALSE(std::filesystem::exists(path() + ".compact"));
  ExpectSound();
}

}  // namespace
}  // namespace holdline
