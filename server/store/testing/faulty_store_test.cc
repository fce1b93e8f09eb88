#include "server/store/testing/faulty_store.h"

#include <thread>

#include "gtest/gtest.h"
#include "server/store/memory/memory_store.h"

namespace holdline {
namespace {

class FaultyStoreTest : public testing::Test {
 protected:
  static Batch Next(uint64_t next_lease) {
    Batch batch;
    batch.counters.next_lease = LeaseId{next_lease};
    return batch;
  }

  LeaseId stored() { return memory_.diary().Load()->counters.next_lease; }

  MemoryStore memory_;
  FaultyStore store_{&memory_};
};

TEST_F(FaultyStoreTest, PassesEverythingOnUntilToldOtherwise) {
  EXPECT_TRUE(store_.diary().Commit(Next(2), PipelineBatch()).ok());
  EXPECT_EQ(store_.diary().Load()->counters.next_lease, LeaseId{2});
  EXPECT_EQ(*store_.diary().Secret(), *memory_.diary().Secret());
  EXPECT_EQ(store_.calls(StoreCall::kCommit), 1);
}

TEST_F(FaultyStoreTest, FailsTheCallThatTheTestNames) {
  store_.Fail({.call = StoreCall::kCommit, .skip = 1});
  EXPECT_TRUE(store_.diary().Commit(Next(2), PipelineBatch()).ok());
  EXPECT_EQ(store_.diary().Commit(Next(3), PipelineBatch()), DiskFull());
  EXPECT_EQ(stored(), LeaseId{2});
}

TEST_F(FaultyStoreTest, CanFailAfterTheWorkIsDone) {
  store_.Fail({.done = true});
  EXPECT_FALSE(store_.diary().Commit(Next(2), PipelineBatch()).ok());
  EXPECT_EQ(stored(), LeaseId{2});
}

TEST_F(FaultyStoreTest, FailsAsManyTimesAsItWasTold) {
  store_.Fail({.call = StoreCall::kLoad, .times = 2});
  EXPECT_FALSE(store_.diary().Load().ok());
  EXPECT_FALSE(store_.diary().Load().ok());
  EXPECT_TRUE(store_.diary().Load().ok());
}

TEST_F(FaultyStoreTest, RefusesACommitAfterAFailedOneUntilLoaded) {
  store_.Fail({});
  ASSERT_FALSE(store_.diary().Commit(Next(2), PipelineBatch()).ok());
  EXPECT_EQ(store_.diary().Commit(Next(2), PipelineBatch()).code(),
            absl::StatusCode::kFailedPrecondition);
  ASSERT_TRUE(store_.diary().Load().ok());
  EXPECT_TRUE(store_.diary().Commit(Next(2), PipelineBatch()).ok());
}

TEST_F(FaultyStoreTest, HoldsAStalledCallUntilItIsReleased) {
  store_.Stall(StoreCall::kCommit);
  std::thread committer([&] {
    EXPECT_TRUE(store_.diary().Commit(Next(2), PipelineBatch()).ok());
  });
  store_.AwaitStalled(StoreCall::kCommit);
  EXPECT_EQ(stored(), LeaseId{1});
  store_.Release(StoreCall::kCommit);
  committer.join();
  EXPECT_EQ(stored(), LeaseId{2});
}

TEST_F(FaultyStoreTest, HealEndsFaultsAndStalls) {
  store_.Fail({.call = StoreCall::kLoad, .times = 1000});
  store_.Stall(StoreCall::kTrim);
  store_.Heal();
  EXPECT_TRUE(store_.diary().Load().ok());
  EXPECT_EQ(*store_.diary().Trim({.tasks = absl::InfiniteFuture()}, 1), 0);
}

}  // namespace
}  // namespace holdline
