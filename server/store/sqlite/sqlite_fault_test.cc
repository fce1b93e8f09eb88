// The SQLite store on a disk that fails at each change, and after each possible
// loss of power.

#include <cerrno>
#include <filesystem>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <thread>

#include "absl/strings/match.h"
#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/sqlite/sqlite_store.h"
#include "server/store/testing/faulty_vfs.h"
#include "server/store/testing/pipeline_samples.h"
#include "server/store/testing/store_samples.h"
#include "server/store/testing/temporary_directory.h"

namespace holdline {
namespace {

using testing::HasSubstr;

constexpr uint64_t kBatches = 3;

// The n-th of a run of batches, from 1: takes a task, leases the one before and
// ends the one before that.
Batch BatchOf(uint64_t n) {
  Batch batch;
  AddNew(SampleTask(n), std::string(3000, static_cast<char>('a' + n)), batch);
  if (n >= 2) {
    Task task = SampleTask(n - 1);
    LeaseTask(task, n);
    AddChanged(task, batch);
    batch.counters.next_lease = LeaseId{n + 1};
  }
  if (n >= 3) {
    Task task = SampleTask(n - 2);
    EndTask(task, Phase::kFailed, SampleTime(0));
    AddChanged(task, batch);
    batch.ended_attempts.push_back(SampleAttempt(task, 1));
  }
  return batch;
}

// What goes with it: makes a pipeline with an instance, ends the instance of
// the one before and deletes the one before that.
PipelineBatch PipelinesOf(uint64_t n) {
  PipelineBatch batch;
  batch.pipelines = {SamplePipeline(n)};
  batch.definitions = {{PipelineNumber{n}, 3, SampleDefinition()}};
  batch.components = {SampleComponent(n, 1)};
  batch.instances = {SampleInstance(SampleKey(n, 1, 1))};
  batch.attempts = {SampleRun(SampleKey(n, 1, 1), 1)};
  batch.notifications = {SampleNotification(n)};
  if (n >= 2) {
    batch.instances.push_back(SampleInstance(SampleKey(n - 1, 1, 1)));
    EndInstance(batch.instances[1], RunStatus::kFinished, SampleTime(0));
    batch.delivered_notifications = {NotificationNumber{n - 1}};
  }
  if (n >= 3) batch.pipelines.push_back(SampleDeletion(n - 2));
  batch.counters = {.next_pipeline = PipelineNumber{n + 1},
                    .next_notification = NotificationNumber{n + 1}};
  return batch;
}

absl::Status Commit(Store& store, uint64_t n) {
  return store.diary().Commit(BatchOf(n), PipelinesOf(n));
}

// What is stored after the first `batches` of them.
State StateAfter(uint64_t batches) {
  Reference reference;
  for (uint64_t n = 1; n <= batches; ++n) reference.Apply(BatchOf(n));
  return reference.Live();
}

PipelineRows RowsAfter(uint64_t batches) {
  PipelineReference reference;
  for (uint64_t n = 1; n <= batches; ++n) reference.Apply(PipelinesOf(n));
  return reference.Rows();
}

// Which prefix of the batches a store holds.
uint64_t Stored(Store& store) {
  auto state = store.diary().Load();
  auto rows = store.diary().LoadPipelines();
  if (!state.ok() || !rows.ok()) {
    ADD_FAILURE() << state.status() << rows.status();
    return 0;
  }
  const uint64_t batches =
      static_cast<uint64_t>(rows->counters.next_pipeline) - 1;
  Sort(*rows);
  EXPECT_TRUE(*state == StateAfter(batches)) << "not a prefix: " << batches;
  EXPECT_TRUE(Same(*rows, RowsAfter(batches))) << "not a prefix: " << batches;
  return batches;
}

class SqliteFaultTest : public testing::Test {
 protected:
  // Opens the store and commits batches until an error or the end. Returns how
  // many were acknowledged.
  uint64_t RunUntilError() {
    auto store = SqliteStore::Open(directory_.path());
    if (!store.ok()) {
      CheckWords(store.status());
      return 0;
    }
    for (uint64_t n = 1; n <= kBatches; ++n) {
      absl::Status status = Commit(**store, n);
      if (status.ok()) continue;
      CheckWords(status);
      return n - 1;
    }
    return kBatches;
  }

  static void CheckWords(const absl::Status& status) {
    EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
    EXPECT_THAT(std::string(status.message()), HasSubstr("holdline.db"));
  }

  // Starts again with an empty directory and a disk that works.
  void Renew() {
    vfs_.Heal();
    vfs_.Forget();
    for (const auto& entry :
         std::filesystem::directory_iterator(directory_.path())) {
      std::filesystem::remove(entry.path());
    }
  }

  // In memory: the real disk has no part in this.
  TemporaryDirectory directory_{"/dev/shm"};
  FaultyVfs vfs_;
};

TEST_F(SqliteFaultTest, GoesOnAfterAFailureOfAnyChange) {
  for (int error : {EIO, ENOSPC}) {
    for (int64_t change = 0;; ++change) {
      SCOPED_TRACE(testing::Message() << "change " << change);
      Renew();
      auto store = SqliteStore::Open(directory_.path());
      ASSERT_TRUE(store.ok()) << store.status();
      vfs_.FailAfter(change, error);
      bool failed = false;
      for (uint64_t n = 1; n <= kBatches;) {
        absl::Status status = Commit(**store, n);
        if (status.ok()) {
          ++n;
          continue;
        }
        CheckWords(status);
        failed = true;
        EXPECT_EQ(absl::StrContains(std::string(status.message()), "full"),
                  error == ENOSPC);
        vfs_.Heal();
        const uint64_t stored = Stored(**store);
        ASSERT_TRUE(stored == n - 1 || stored == n);
        n = stored + 1;
      }
      EXPECT_EQ(Stored(**store), kBatches);
      if (!failed) break;
    }
  }
}

TEST_F(SqliteFaultTest, LosesNothingAcknowledgedWhenThePowerFails) {
  std::mt19937 random(1);
  const std::function<bool()> fates[] = {
      [] { return false; },
      [&] { return random() % 2 == 0; },
  };
  for (const auto& survives : fates) {
    for (int64_t change = 0;; ++change) {
      SCOPED_TRACE(testing::Message() << "change " << change);
      Renew();
      vfs_.FailAfter(change, EIO);
      const uint64_t acknowledged = RunUntilError();
      const bool whole = vfs_.failed() == 0;
      vfs_.CutPower(survives);
      vfs_.Heal();
      auto store = SqliteStore::Open(directory_.path());
      ASSERT_TRUE(store.ok()) << store.status();
      const uint64_t stored = Stored(**store);
      EXPECT_GE(stored, acknowledged);
      EXPECT_LE(stored, acknowledged + 1);
      store->reset();
      if (whole) break;
    }
  }
}

TEST_F(SqliteFaultTest, LoadShowsOnlyWhatIsOnDiskAlsoAfterAFailedSync) {
  for (int64_t change = 0;; ++change) {
    SCOPED_TRACE(testing::Message() << "change " << change);
    Renew();
    auto store = *SqliteStore::Open(directory_.path());
    vfs_.FailAfter(change, EIO);
    uint64_t n = 1;
    while (n <= kBatches && Commit(*store, n).ok()) ++n;
    vfs_.Heal();
    if (n > kBatches) break;
    const uint64_t shown = Stored(*store);
    vfs_.FailAfter(0, EIO);
    store = nullptr;
    vfs_.CutPower([] { return false; });
    vfs_.Heal();
    store = *SqliteStore::Open(directory_.path());
    EXPECT_EQ(Stored(*store), shown);
  }
}

TEST_F(SqliteFaultTest, KeepsFailingInWordsUntilTheDiskIsMended) {
  auto store = *SqliteStore::Open(directory_.path());
  ASSERT_TRUE(Commit(*store, 1).ok());
  vfs_.FailAfter(0, ENOSPC);
  for (int i = 0; i < 3; ++i) {
    absl::Status status = Commit(*store, 2);
    CheckWords(status);
    EXPECT_THAT(std::string(status.message()), HasSubstr("free some space"));
  }
  vfs_.Heal();
  EXPECT_EQ(Stored(*store), 1u);
  EXPECT_TRUE(Commit(*store, 2).ok());
}

TEST_F(SqliteFaultTest, QuestionsAreAnsweredWhileACommitWaitsForASlowDisk) {
  auto store = *SqliteStore::Open(directory_.path());
  ASSERT_TRUE(Commit(*store, 1).ok());
  absl::Notification syncing, go_on;
  vfs_.OnSync([&] {
    if (syncing.HasBeenNotified()) return;
    syncing.Notify();
    go_on.WaitForNotification();
  });
  std::thread committer([&] { EXPECT_TRUE(Commit(*store, 2).ok()); });
  syncing.WaitForNotification();
  const AccountId account{"000000000000"};
  const auto archive = store->OpenArchive();
  EXPECT_TRUE(archive->History(account, TaskId{1})->has_value());
  EXPECT_FALSE(archive->History(account, TaskId{2})->has_value());
  go_on.Notify();
  committer.join();
  EXPECT_TRUE(archive->History(account, TaskId{2})->has_value());
}

}  // namespace
}  // namespace holdline
