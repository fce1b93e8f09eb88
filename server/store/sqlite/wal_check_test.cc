// Each byte of a log, damaged: it is found, and told from a transaction that
// was never committed.

#include "server/store/sqlite/wal_check.h"

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/sqlite/sqlite_connection.h"
#include "server/store/testing/temporary_directory.h"

namespace holdline {
namespace {

constexpr int64_t kHeader = 32;
constexpr int64_t kFrameHeader = 24;
constexpr int64_t kFrame = kFrameHeader + 4096;

// How many transactions of how many frames are in the log.
constexpr int64_t kCommits = 10;
constexpr int64_t kFramesEach = 2;
constexpr int64_t kFrames = kCommits * kFramesEach;

std::string ReadFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void WriteFile(const std::string& path, const std::string& content) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

class WalCheckTest : public testing::Test {
 protected:
  // Fills a log and keeps it and its index as kill -9 would.
  WalCheckTest() {
    const std::string path = directory_.path() + "/test.db";
    WriteFile(path, "");
    auto database = *SqliteConnection::Open(path, SqliteMode::kReadWrite);
    EXPECT_TRUE(database
                    ->Run("PRAGMA journal_mode = WAL;"
                          "CREATE TABLE a (n); CREATE TABLE b (n);"
                          "INSERT INTO a VALUES (0); INSERT INTO b VALUES (0);")
                    .ok());
    EXPECT_TRUE(database->Checkpoint().ok());
    const auto commit_all = [&] {
      for (int64_t i = 1; i <= kCommits; ++i) {
        EXPECT_TRUE(database
                        ->Run("BEGIN; UPDATE a SET n = n + 1;"
                              "UPDATE b SET n = n + 1; COMMIT;")
                        .ok());
      }
    };
    commit_all();
    whole_ = ReadFile(path + "-wal");
    index_ = ReadFile(path + "-shm");
    EXPECT_EQ(std::ssize(whole_), kHeader + kFrames * kFrame);
    EXPECT_TRUE(database->Checkpoint().ok());
    index_of_next_run_ = ReadFile(path + "-shm");
    commit_all();
    index_of_further_commits_ = ReadFile(path + "-shm");
  }

  // What is found in such a log, with or without its index.
  WalFindings Check(const std::string& log, const std::string& index = "") {
    WriteFile(log_path_, log);
    WriteFile(index_path_, index);
    return CheckWal(log_path_, index_path_);
  }

  std::string Flipped(int64_t offset) const {
    std::string log = whole_;
    log[static_cast<size_t>(offset)] ^= 0x10;
    return log;
  }

  std::string Cut(int64_t bytes) const {
    return whole_.substr(0, static_cast<size_t>(bytes));
  }

  TemporaryDirectory directory_;
  const std::string log_path_ = directory_.path() + "/other-wal";
  const std::string index_path_ = directory_.path() + "/other-shm";
  std::string whole_;
  std::string index_;
  std::string index_of_next_run_;
  std::string index_of_further_commits_;
};

TEST_F(WalCheckTest, ReadsAWholeLogToItsEnd) {
  for (const std::string& index : {std::string(), index_}) {
    const WalFindings found = Check(whole_, index);
    EXPECT_FALSE(found.damaged);
    EXPECT_EQ(found.readable_frames, kFrames);
    EXPECT_EQ(found.readable_commits, kCommits);
    EXPECT_EQ(found.lost_frames, 0);
    EXPECT_EQ(found.torn_frames, 0);
    EXPECT_FALSE(found.spent);
  }
}

TEST_F(WalCheckTest, AnEmptyOrMissingLogIsNotDamaged) {
  EXPECT_FALSE(Check("").damaged);
  EXPECT_FALSE(Check(std::string(10, '\0')).damaged);
  EXPECT_FALSE(Check(std::string(100000, '\0')).damaged);
  EXPECT_FALSE(CheckWal(directory_.path() + "/none", "/none").damaged);
}

// Without the index, the last transaction may be one that was cut off, and the
// one before seem to be a part of it if nothing says where that ended.
TEST_F(WalCheckTest, FindsAnyFlippedByteInFrontOfTheLastTransactions) {
  for (int64_t frame = 0; frame < kFrames - 2 * kFramesEach; ++frame) {
    for (const int64_t at : {0, 3, 4, 7, 8, 15, 16, 23, 24, 999, 4119}) {
      SCOPED_TRACE(absl::StrCat("frame ", frame, " byte ", at));
      const WalFindings found = Check(Flipped(kHeader + frame * kFrame + at));
      EXPECT_TRUE(found.damaged);
      EXPECT_EQ(found.readable_commits, frame / kFramesEach);
      EXPECT_EQ(found.readable_frames, frame / kFramesEach * kFramesEach);
      EXPECT_GE(found.lost_commits,
                kCommits - frame / kFramesEach - 2);  // at least
    }
  }
}

TEST_F(WalCheckTest, FindsAnyFlippedByteOfTheHeader) {
  for (int64_t at = 0; at < kHeader; ++at) {
    SCOPED_TRACE(at);
    for (const std::string& index : {std::string(), index_}) {
      const WalFindings found = Check(Flipped(at), index);
      EXPECT_TRUE(found.damaged);
      EXPECT_EQ(found.readable_frames, 0);
    }
  }
}

TEST_F(WalCheckTest, WithItsIndexFindsAnyFlippedByteAndCountsExactly) {
  for (int64_t frame = 0; frame < kFrames; ++frame) {
    for (const int64_t at : {0, 3, 4, 7, 8, 15, 16, 23, 24, 999, 4119}) {
      SCOPED_TRACE(absl::StrCat("frame ", frame, " byte ", at));
      const WalFindings found =
          Check(Flipped(kHeader + frame * kFrame + at), index_);
      EXPECT_TRUE(found.damaged);
      EXPECT_EQ(found.readable_frames + found.lost_frames, kFrames);
    }
  }
}

TEST_F(WalCheckTest, WithItsIndexFindsThatALogWasCutShort) {
  for (const int64_t frames : {0, 1, 7, 19}) {
    const WalFindings found = Check(Cut(kHeader + frames * kFrame), index_);
    EXPECT_TRUE(found.damaged);
    EXPECT_EQ(found.readable_frames, frames / kFramesEach * kFramesEach);
    EXPECT_EQ(found.readable_frames + found.lost_frames, kFrames);
  }
  EXPECT_EQ(Check("", index_).lost_frames, kFrames);
}

// A loss of power leaves any part of a transaction that was not synced.
TEST_F(WalCheckTest, ATransactionThatWasCutOffIsNoDamage) {
  const int64_t last = kHeader + (kFrames - kFramesEach) * kFrame;
  for (const int64_t bytes : {int64_t{1}, kFrameHeader, int64_t{500}, kFrame,
                              kFrame + kFrameHeader, kFrame * 2 - 1}) {
    SCOPED_TRACE(bytes);
    const WalFindings found = Check(Cut(last + bytes));
    EXPECT_FALSE(found.damaged);
    EXPECT_EQ(found.readable_commits, kCommits - 1);
  }
  // Its end may have been written and its beginning not.
  std::string holes = whole_;
  holes.replace(static_cast<size_t>(last), kFrame,
                std::string(static_cast<size_t>(kFrame), '\0'));
  const WalFindings found = Check(holes);
  EXPECT_FALSE(found.damaged);
  EXPECT_EQ(found.readable_commits, kCommits - 1);
  EXPECT_EQ(found.torn_frames, 1);
}

TEST_F(WalCheckTest, FramesOfAnEarlierRunAreNoDamage) {
  // The next run has overwritten the beginning: one transaction, say.
  std::string log = whole_;
  for (int64_t frame = 2; frame < kFrames; ++frame) {
    log[static_cast<size_t>(kHeader + frame * kFrame + 8)] ^= 1;  // salt
  }
  const WalFindings found = Check(log);
  EXPECT_FALSE(found.damaged);
  EXPECT_EQ(found.readable_commits, 1);
  EXPECT_EQ(found.torn_frames, 0);
}

TEST_F(WalCheckTest, DamageInWhatTheDatabaseHasIsToldFromALoss) {
  const WalFindings found =
      Check(Flipped(kHeader + 5 * kFrame), index_of_next_run_);
  EXPECT_TRUE(found.damaged);
  EXPECT_TRUE(found.spent);
  EXPECT_FALSE(Check(Flipped(kHeader + 5 * kFrame), index_).spent);
}

TEST_F(WalCheckTest, AnIndexOfAnotherRunSaysNothingOfALog) {
  const WalFindings findings =
      Check(Cut(kHeader + 3 * kFramesEach * kFrame), index_of_further_commits_);
  EXPECT_FALSE(findings.damaged);
  EXPECT_EQ(findings.readable_commits, 3);
}

TEST_F(WalCheckTest, AnIndexThatIsNotWholeIsNotBelieved) {
  for (size_t at = 0; at < 48; ++at) {
    std::string index = index_;
    index[at] ^= 0x10;
    EXPECT_FALSE(Check(Cut(kHeader + 2 * kFrame), index).damaged) << at;
  }
  EXPECT_FALSE(Check(Cut(kHeader + 2 * kFrame), index_.substr(0, 99)).damaged);
}

}  // namespace
}  // namespace holdline
