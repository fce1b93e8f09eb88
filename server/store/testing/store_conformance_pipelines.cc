// The part of the suite that is about pipelines: what is committed, loaded and
// found again.

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "server/store/testing/pipeline_samples.h"
#include "server/store/testing/store_conformance.h"
#include "server/store/testing/store_samples.h"

namespace holdline {
namespace {

using testing::ElementsAre;
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
  attempt.instance_arn = state.lease.instance_arn;
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

// The account's pipelines, in small pages.
std::vector<PipelineRecord> ListPipelines(Archive& archive,
                                          const AccountId& account) {
  std::vector<PipelineRecord> found;
  PipelineNumber after{};
  while (true) {
    auto page = archive.ListPipelines(account, after, 3);
    EXPECT_EQ(page.status(), absl::OkStatus());
    if (!page.ok() || page->empty()) return found;
    after = page->back().number;
    found.insert(found.end(), page->begin(), page->end());
  }
}

void CheckRecords(Diary& diary, Archive& archive,
                  const PipelineReference& reference) {
  std::map<AccountId, std::vector<PipelineRecord>> listed;
  for (const auto& [number, record] : reference.pipelines()) {
    const bool deleted = record.state == PipelineState::kDeleted;
    ASSERT_EQ(*archive.FindPipeline(record.account, record.id), record);
    ASSERT_EQ(*diary.WasDeleted(record.account, record.id), deleted);
    if (!deleted) listed[record.account].push_back(record);
  }
  for (const auto& [account, records] : listed) {
    ASSERT_EQ(ListPipelines(archive, account), records);
  }
  for (const auto& [key, definition] : reference.definitions()) {
    ASSERT_EQ(*archive.ReadDefinition(key.first, key.second), definition);
  }
  const auto first = [](const auto& key) { return key.first; };
  const auto components = ByPipeline(reference.components(), first);
  for (const auto& [pipeline, expected] : components) {
    ASSERT_EQ(*archive.ReadComponents(pipeline), expected);
  }
}

}  // namespace

void StoreConformance::CheckPipelines(const PipelineReference& reference,
                                      const Reference& tasks) {
  ASSERT_TRUE(Same(LoadPipelines(), reference.Rows()));
  ASSERT_NO_FATAL_FAILURE(CheckRecords(diary(), archive(), reference));
  for (const auto& [key, instance] : reference.instances()) {
    ASSERT_EQ(*diary().ReadInstance(key), instance);
    ASSERT_EQ(*archive().ReadInstance(key), instance);
  }
  std::map<AttemptKey, Attempt> told;
  for (const auto& [key, attempt] : reference.attempts()) {
    told[key] = Told(attempt, tasks);
  }
  auto instances =
      ByPipeline(reference.instances(),
                 [](const InstanceKey& key) { return key.pipeline; });
  auto attempts = ByPipeline(
      told, [](const AttemptKey& key) { return key.instance.pipeline; });
  for (const auto& [number, record] : reference.pipelines()) {
    RunFilter filter;
    filter.pipeline = number;
    ASSERT_EQ(ListInstances(filter, 7), instances[number]);
    ASSERT_EQ(ListAttempts(filter, 7), attempts[number]);
  }
}

namespace {

TEST_P(StoreConformance, ANewStoreHasNoPipelines) {
  EXPECT_TRUE(Same(LoadPipelines(), PipelineRows()));
  EXPECT_EQ(*archive().FindPipeline(Account(), "df-1"), std::nullopt);
  EXPECT_FALSE(*diary().WasDeleted(Account(), "df-1"));
  EXPECT_THAT(*archive().ListPipelines(Account(), PipelineNumber{}, 10),
              IsEmpty());
  EXPECT_EQ(*archive().ReadDefinition(PipelineNumber{1}, 1), std::nullopt);
  EXPECT_THAT(*archive().ReadComponents(PipelineNumber{1}), IsEmpty());
  EXPECT_EQ(*diary().ReadInstance(SampleKey(1, 1, 1)), std::nullopt);
  EXPECT_THAT(*archive().AttemptsOf(SampleKey(1, 1, 1)), IsEmpty());
}

TEST_P(StoreConformance, KeepsEverythingOfPipelinesAsItWas) {
  CommitPipelines(SamplePipelineBatch());
  PipelineReference reference;
  reference.Apply(SamplePipelineBatch());
  ASSERT_NO_FATAL_FAILURE(CheckPipelines(reference, Reference()));
}

TEST_P(StoreConformance, RowsOfPipelinesReplaceThoseOfTheSameKey) {
  CommitPipelines(SamplePipelineBatch());
  PipelineBatch batch = SamplePipelineBatch();
  batch.pipelines.pop_back();
  PipelineRecord& record = batch.pipelines[0];
  record.state = PipelineState::kFinished;
  record.tags = {};
  record.name = "weekly";
  record.errored = false;
  Definition shorter = SampleDefinition();
  shorter.objects.pop_back();
  batch.definitions[1].definition = shorter;
  batch.components[0].status = ComponentStatus::kScheduled;
  batch.components[0].health_from = InstanceKey();
  batch.instances[0].status = RunStatus::kShuttingDown;
  batch.instances[0].waiting_on = {};
  batch.attempts[1].progress = "";
  batch.notifications[0].failures = 7;
  CommitPipelines(batch);
  PipelineReference reference;
  reference.Apply(SamplePipelineBatch());
  reference.Apply(batch);
  ASSERT_NO_FATAL_FAILURE(CheckPipelines(reference, Reference()));
}

TEST_P(StoreConformance, StoresTasksAndPipelinesTogetherOrNotAtAll) {
  Submit(SampleTask(1));
  Batch taken;
  AddNew(SampleTask(1), "", taken);
  EXPECT_EQ(diary().Commit(taken, SamplePipelineBatch()).code(),
            absl::StatusCode::kDataLoss);
  EXPECT_TRUE(Load().tasks.contains(TaskId{1}));
  EXPECT_TRUE(Same(LoadPipelines(), PipelineRows()));

  CommitPipelines(SamplePipelineBatch());
  const PipelineRows before = LoadPipelines();
  Batch fits;
  AddNew(SampleTask(2), "", fits);
  PipelineBatch anothers;
  anothers.pipelines = {SamplePipeline(4)};
  anothers.pipelines[0].id = "df-1";
  anothers.notifications = {SampleNotification(5)};
  EXPECT_EQ(diary().Commit(fits, anothers).code(), absl::StatusCode::kDataLoss);
  EXPECT_FALSE(Load().tasks.contains(TaskId{2}));
  EXPECT_TRUE(Same(LoadPipelines(), before));
}

TEST_P(StoreConformance, ABatchWithoutRowsLeavesTheCountersOfPipelines) {
  CommitPipelines(SamplePipelineBatch());
  CommitPipelines(PipelineBatch());
  EXPECT_EQ(LoadPipelines().counters, SamplePipelineBatch().counters);
}

TEST_P(StoreConformance, LoadsOnlyTheDefinitionsThatAreInUse) {
  PipelineBatch batch;
  batch.pipelines = {SamplePipeline(1)};
  batch.pipelines[0].active_version = 4;
  batch.pipelines[0].saved_version = 6;
  for (int version = 1; version <= 6; ++version) {
    Definition definition;
    definition.values = {
        {.id = "version", .value = std::string(1, '0' + version)}};
    batch.definitions.push_back({PipelineNumber{1}, version, definition});
  }
  Instance live = SampleInstance(SampleKey(1, 1, 1));
  live.version = 2;
  Instance ended = SampleInstance(SampleKey(1, 1, 2));
  ended.version = 3;
  EndInstance(ended, RunStatus::kFinished, SampleTime(1));
  batch.instances = {live, ended};
  CommitPipelines(batch);
  std::vector<int> versions;
  for (const SavedDefinition& saved : LoadPipelines().definitions) {
    versions.push_back(saved.version);
  }
  EXPECT_THAT(versions, ElementsAre(2, 4, 6));
  EXPECT_EQ(*archive().ReadDefinition(PipelineNumber{1}, 5),
            batch.definitions[4].definition);
  EXPECT_EQ(*archive().ReadDefinition(PipelineNumber{1}, 7), std::nullopt);
  EXPECT_EQ(*archive().ReadDefinition(PipelineNumber{2}, 5), std::nullopt);
}

TEST_P(StoreConformance, LoadsOnlyRunsThatHaveNotEnded) {
  PipelineBatch batch;
  batch.pipelines = {SamplePipeline(1)};
  const InstanceKey key = SampleKey(1, 1, 1);
  batch.instances = {SampleInstance(key)};
  batch.attempts = {SampleRun(key, 1), SampleRun(key, 2)};
  EndRun(batch.attempts[0], RunStatus::kTimedOut, SampleTime(5));
  CommitPipelines(batch);
  EXPECT_THAT(LoadPipelines().instances, ElementsAre(batch.instances[0]));
  EXPECT_THAT(LoadPipelines().attempts, ElementsAre(batch.attempts[1]));

  PipelineBatch end;
  end.instances = batch.instances;
  end.attempts = {batch.attempts[1]};
  EndInstance(end.instances[0], RunStatus::kFinished, SampleTime(6));
  EndRun(end.attempts[0], RunStatus::kFinished, SampleTime(6));
  CommitPipelines(end);
  EXPECT_THAT(LoadPipelines().instances, IsEmpty());
  EXPECT_THAT(LoadPipelines().attempts, IsEmpty());
  EXPECT_EQ(*diary().ReadInstance(key), end.instances[0]);
  EXPECT_THAT(*archive().AttemptsOf(key),
              ElementsAre(batch.attempts[0], end.attempts[0]));

  end.instances[0] = batch.instances[0];
  end.instances[0].created_at = SampleTime(7);
  end.attempts = {SampleRun(key, 3)};
  CommitPipelines(end);
  EXPECT_THAT(LoadPipelines().instances, ElementsAre(end.instances[0]));
  EXPECT_THAT(LoadPipelines().attempts, ElementsAre(end.attempts[0]));
}

TEST_P(StoreConformance, OfADeletedPipelineNothingIsFoundButThatItWas) {
  PipelineBatch other = SamplePipelineBatch();
  other.pipelines = {SamplePipeline(3)};
  other.definitions = {{PipelineNumber{3}, 2, SampleDefinition()}};
  other.components = {SampleComponent(3, 1)};
  other.instances = {SampleInstance(SampleKey(3, 2, 1))};
  other.attempts = {SampleRun(SampleKey(3, 2, 1), 1)};
  CommitPipelines(SamplePipelineBatch());
  CommitPipelines(other);

  // With a last change of an instance, as a planner may well send it.
  PipelineBatch deletion;
  deletion.pipelines = {SampleDeletion(1)};
  deletion.instances = {SampleInstance(SampleKey(1, 2, 1))};
  EndInstance(deletion.instances[0], RunStatus::kCanceled, SampleTime(5000));
  deletion.counters = other.counters;
  CommitPipelines(deletion);
  PipelineReference reference;
  reference.Apply(SamplePipelineBatch());
  reference.Apply(other);
  reference.Apply(deletion);

  for (bool trimmed : {false, true}) {
    SCOPED_TRACE(trimmed);
    ASSERT_NO_FATAL_FAILURE(CheckPipelines(reference, Reference()));
    const PipelineNumber gone{1};
    EXPECT_EQ(*archive().ReadDefinition(gone, 2), std::nullopt);
    EXPECT_THAT(*archive().ReadComponents(gone), IsEmpty());
    EXPECT_EQ(*diary().ReadInstance(SampleKey(1, 2, 1)), std::nullopt);
    EXPECT_EQ(*archive().ReadInstance(SampleKey(1, 1, 1)), std::nullopt);
    EXPECT_THAT(*archive().InstancesAt(gone, SampleTime(3600)), IsEmpty());
    EXPECT_THAT(*archive().AttemptsOf(SampleKey(1, 2, 1)), IsEmpty());
    while (*diary().Trim(EndedBefore(), 2) == 2) {
    }
  }
}

TEST_P(StoreConformance, ShowsAPipelineToItsAccountOnly) {
  CommitPipelines(SamplePipelineBatch());
  const AccountId other{"000000000001"};
  EXPECT_EQ(*archive().FindPipeline(other, "df-1"), std::nullopt);
  EXPECT_EQ(*archive().FindPipeline(other, "df-2"), std::nullopt);
  EXPECT_EQ(*archive().FindPipeline(Account(), "DF-1"), std::nullopt);
  EXPECT_TRUE(*diary().WasDeleted(Account(), "df-2"));
  EXPECT_FALSE(*diary().WasDeleted(Account(), "df-1"));
  EXPECT_FALSE(*diary().WasDeleted(other, "df-2"));
}

TEST_P(StoreConformance, ListsPipelinesInTheOrderOfTheirCreation) {
  PipelineBatch batch;
  for (uint64_t number : {8, 3, 12, 5, 7}) {
    batch.pipelines.push_back(SamplePipeline(number));
  }
  batch.pipelines[3].state = PipelineState::kDeleted;   // 5
  batch.pipelines[4].account = AccountId{"another"};    // 7
  batch.pipelines[0].state = PipelineState::kFinished;  // 8
  batch.pipelines[2].state = PipelineState::kPending;   // 12
  CommitPipelines(batch);
  const auto list = [&](uint64_t after, int limit) {
    std::vector<uint64_t> numbers;
    const auto page =
        *archive().ListPipelines(Account(), PipelineNumber{after}, limit);
    for (const PipelineRecord& record : page) {
      numbers.push_back(static_cast<uint64_t>(record.number));
    }
    return numbers;
  };
  EXPECT_THAT(list(0, 10), ElementsAre(3, 8, 12));
  EXPECT_THAT(list(0, 2), ElementsAre(3, 8));
  EXPECT_THAT(list(3, 2), ElementsAre(8, 12));
  EXPECT_THAT(list(5, 1), ElementsAre(8));
  EXPECT_THAT(list(12, 2), IsEmpty());
  EXPECT_THAT(list(UINT64_MAX, 2), IsEmpty());
}

TEST_P(StoreConformance, KeepsNotificationsUntilTheyAreDelivered) {
  PipelineBatch batch;
  batch.notifications = {SampleNotification(1), SampleNotification(2)};
  CommitPipelines(batch);
  EXPECT_EQ(LoadPipelines().notifications, batch.notifications);
  PipelineBatch delivered;
  delivered.delivered_notifications = {NotificationNumber{1},
                                       NotificationNumber{9}};
  CommitPipelines(delivered);
  EXPECT_THAT(LoadPipelines().notifications,
              ElementsAre(batch.notifications[1]));
}

TEST_P(StoreConformance, KeepsAnyBytesAndTimesOfPipelines) {
  const std::string odd("a'\"\0;--\xff\xfe\xc3\x28\n%", 14);
  PipelineBatch batch = SamplePipelineBatch();
  PipelineRecord& record = batch.pipelines[0];
  record.id = odd;
  record.account = {odd + "a"};
  record.name = odd + "n";
  record.description = "";
  record.tags = {{.key = odd, .value = std::string(70000, '\0')}};
  record.created_at = absl::FromUnixMicros(INT64_MIN + 1);
  record.finished_at = absl::InfiniteFuture();
  record.health_at = absl::InfinitePast();
  Definition definition = SampleDefinition();
  definition.objects[0].fields[0] = {
      .key = odd, .value = "", .is_reference = true};
  definition.objects[1].id = std::string(20000, '\xff');
  batch.definitions[0].definition = definition;
  batch.components[0].id = odd;
  batch.components[0].next_interval = INT64_MIN;
  batch.components[0].skip_before = absl::InfinitePast();
  Instance& instance = batch.instances[0];
  instance.key.start = absl::InfinitePast();
  instance.key.component = ComponentNumber{UINT32_MAX};
  instance.key.owner = ComponentNumber{UINT32_MAX - 1};
  instance.end = absl::InfiniteFuture();
  instance.waiting_on = {
      instance.key,
      {PipelineNumber{UINT64_MAX}, absl::InfiniteFuture(), kNoComponent},
      {PipelineNumber{}, absl::FromUnixMicros(-1), ComponentNumber{1}}};
  instance.failure = {.id = odd, .message = "", .stack_trace = odd};
  Attempt& attempt = batch.attempts[0];
  attempt.key = {.instance = instance.key, .number = INT32_MAX};
  attempt.hostname = odd;
  batch.attempts.pop_back();
  attempt.reported_at = absl::InfinitePast();
  batch.notifications[0].message = odd;
  batch.notifications[0].due_at = absl::InfiniteFuture();
  CommitPipelines(batch);
  PipelineReference reference;
  reference.Apply(batch);
  ASSERT_NO_FATAL_FAILURE(CheckPipelines(reference, Reference()));
}

}  // namespace
}  // namespace holdline
