// The part of the suite that is about pipelines: what is committed, loaded and
// found again.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "server/store/pipeline_samples.h"
#include "server/store/store_conformance.h"
#include "server/store/store_samples.h"

namespace holdline {
namespace {

using testing::IsEmpty;

const AccountId& Account() {
  static const AccountId* const account = new AccountId{"000000000000"};
  return *account;
}

// What is to be told of an attempt.
Attempt Told(Attempt attempt, const Reference& tasks) {
  auto task = tasks.tasks().find(attempt.task);
  if (attempt.ended_at != absl::InfiniteFuture() ||
      task == tasks.tasks().end()) {
    return attempt;
  }
  const TaskState& state = task->second.task.state;
  attempt.hostname = state.lease.hostname;
  attempt.reported_at = state.lease.reported_at;
  attempt.progress = state.progress;
  return attempt;
}

// Each of `rows` by its pipeline.
template <typename Rows, typename PipelineOf>
auto ByPipeline(const Rows& rows, PipelineOf pipeline_of) {
  std::map<PipelineNumber, std::vector<typename Rows::mapped_type>> sorted;
  for (const auto& [key, row] : rows) sorted[pipeline_of(key)].push_back(row);
  return sorted;
}

PipelineNumber PipelineOf(const InstanceKey& key) { return key.pipeline; }

// The account's pipelines, in small pages.
std::vector<PipelineRecord> ListPipelines(Store& store,
                                          const AccountId& account) {
  std::vector<PipelineRecord> found;
  PipelineNumber after{};
  while (true) {
    auto page = store.ListPipelines(account, after, 3);
    EXPECT_EQ(page.status(), absl::OkStatus());
    if (!page.ok() || page->empty()) return found;
    after = page->back().number;
    found.insert(found.end(), page->begin(), page->end());
  }
}

void CheckRecords(Store& store, const PipelineReference& reference) {
  std::map<AccountId, std::vector<PipelineRecord>> listed;
  for (const auto& [number, record] : reference.pipelines()) {
    const bool deleted = record.state == PipelineState::kDeleted;
    ASSERT_EQ(*store.FindPipeline(record.account, record.id), record);
    ASSERT_EQ(*store.ReadDeletedPipeline(record.account, record.id), deleted);
    if (!deleted) listed[record.account].push_back(record);
  }
  for (const auto& [account, records] : listed) {
    ASSERT_EQ(ListPipelines(store, account), records);
  }
  for (const auto& [key, definition] : reference.definitions()) {
    ASSERT_EQ(*store.ReadDefinition(key.first, key.second), definition);
  }
  const auto first = [](const auto& key) { return key.first; };
  const auto components = ByPipeline(reference.components(), first);
  for (const auto& [pipeline, expected] : components) {
    ASSERT_EQ(*store.ReadComponents(pipeline), expected);
  }
}

}  // namespace

void StoreConformance::CheckPipelines(const PipelineReference& reference,
                                      const Reference& tasks) {
  ASSERT_TRUE(Same(LoadPipelines(), reference.Rows()));
  ASSERT_NO_FATAL_FAILURE(CheckRecords(store(), reference));
  for (const auto& [key, instance] : reference.instances()) {
    ASSERT_EQ(*store().ReadInstance(key), instance);
    ASSERT_EQ(*store().FindInstance(key), instance);
    ASSERT_EQ(*store().ReadInstancesAt(key.pipeline, key.start),
              *store().InstancesAt(key.pipeline, key.start));
  }
  std::map<AttemptKey, Attempt> attempts;
  for (const auto& [key, attempt] : reference.attempts()) {
    attempts[key] = Told(attempt, tasks);
  }
  for (const auto& [number, record] : reference.pipelines()) {
    RunFilter filter;
    filter.pipeline = number;
    ASSERT_EQ(ListInstances(filter, 7),
              ByPipeline(reference.instances(), PipelineOf)[number]);
    ASSERT_EQ(ListAttempts(filter, 7),
              ByPipeline(attempts, [](const AttemptKey& key) {
                return key.instance.pipeline;
              })[number]);
  }
}

namespace {

TEST_P(StoreConformance, ANewStoreHasNoPipelines) {
  EXPECT_TRUE(Same(LoadPipelines(), PipelineRows()));
  EXPECT_EQ(*store().FindPipeline(Account(), "df-1"), std::nullopt);
  EXPECT_FALSE(*store().ReadDeletedPipeline(Account(), "df-1"));
  EXPECT_THAT(*store().ListPipelines(Account(), PipelineNumber{}, 10),
              IsEmpty());
  EXPECT_EQ(*store().ReadDefinition(PipelineNumber{1}, 1), std::nullopt);
  EXPECT_THAT(*store().ReadComponents(PipelineNumber{1}), IsEmpty());
  EXPECT_EQ(*store().ReadInstance(SampleKey(1, 1, 1)), std::nullopt);
  EXPECT_THAT(*store().AttemptsOf(SampleKey(1, 1, 1)), IsEmpty());
}

TEST_P(StoreConformance, KeepsEverythingOfPipelinesAsItWas) {
  CommitPipelines(SamplePipelineBatch());
  PipelineReference reference;
  reference.Apply(SamplePipelineBatch());
  ASSERT_NO_FATAL_FAILURE(CheckPipelines(reference, Reference()));
}

}  // namespace
}  // namespace holdline
