// The part of the suite that is about the lists of instances and attempts, and
// how they are trimmed.

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "server/store/run_filter.h"
#include "server/store/testing/pipeline_samples.h"
#include "server/store/testing/store_conformance.h"
#include "server/store/testing/store_samples.h"

namespace holdline {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

RunFilter AllRuns() {
  RunFilter filter;
  filter.pipeline = PipelineNumber{1};
  return filter;
}

// A key in a form that a test prints well: hour/component[/owner].
std::string Name(const InstanceKey& key) {
  std::string name = absl::StrCat(absl::ToInt64Hours(key.start - SampleTime(0)),
                                  "/", static_cast<uint32_t>(key.component));
  if (key.owner != kNoComponent) {
    absl::StrAppend(&name, "/", static_cast<uint32_t>(key.owner));
  }
  return name;
}

std::vector<std::string> Names(const std::vector<Instance>& instances) {
  std::vector<std::string> names;
  for (const Instance& instance : instances) {
    names.push_back(Name(instance.key));
  }
  return names;
}

std::vector<std::string> Names(const std::vector<Attempt>& attempts) {
  std::vector<std::string> names;
  for (const Attempt& attempt : attempts) {
    names.push_back(
        absl::StrCat(Name(attempt.key.instance), "#", attempt.key.number));
  }
  return names;
}

// Hours 0 to 3 of the components 1 and 2, each made at its start, and in the
// order of these names: finished, failed, waiting and running. An instance that
// has ended did so half an hour after its start.
PipelineBatch FourHours() {
  PipelineBatch batch;
  batch.pipelines = {SamplePipeline(1), SamplePipeline(2)};
  const RunStatus statuses[] = {RunStatus::kFinished, RunStatus::kFailed,
                                RunStatus::kWaitingForRunner,
                                RunStatus::kRunning};
  for (int64_t hour = 0; hour < 4; ++hour) {
    for (uint32_t component : {2, 1}) {
      Instance instance = SampleInstance(SampleKey(1, hour, component));
      instance.created_at = instance.key.start;
      instance.status = statuses[hour];
      if (HasEnded(instance.status)) {
        instance.ended_at = instance.key.start + absl::Minutes(30);
      }
      batch.instances.push_back(instance);
    }
  }
  return batch;
}

TEST_P(StoreConformance, ListsInstancesByStartComponentAndOwner) {
  PipelineBatch batch = FourHours();
  for (uint32_t owner : {2, 1}) {
    Instance guard = SampleInstance(SampleKey(1, 1, 1));
    guard.key.owner = ComponentNumber{owner};
    batch.instances.push_back(guard);
  }
  batch.instances.push_back(SampleInstance(SampleKey(2, 1, 1)));
  CommitPipelines(batch);
  for (int limit : {1, 2, 3, 100}) {
    EXPECT_THAT(Names(ListInstances(AllRuns(), limit)),
                ElementsAre("0/1", "0/2", "1/1", "1/1/1", "1/1/2", "1/2", "2/1",
                            "2/2", "3/1", "3/2"));
  }
  std::vector<Instance> at =
      *archive().InstancesAt(PipelineNumber{1}, SampleTime(3600));
  EXPECT_THAT(Names(at), ElementsAre("1/1", "1/1/1", "1/1/2", "1/2"));
  EXPECT_THAT(*archive().InstancesAt(PipelineNumber{1}, SampleTime(3601)),
              IsEmpty());
}

TEST_P(StoreConformance, TheLastPageOfRunsSaysThatItIsTheLast) {
  CommitPipelines(FourHours());
  EXPECT_EQ(archive().ListInstances(AllRuns(), {}, 8)->next_after,
            std::nullopt);
  EXPECT_EQ(archive().ListInstances(AllRuns(), {}, 7)->next_after,
            SampleKey(1, 3, 1));
}

TEST_P(StoreConformance, ListsInstancesWithinRangesThatIncludeTheirEnds) {
  CommitPipelines(FourHours());
  const TimeRange range = {SampleTime(3600), SampleTime(2 * 3600)};
  RunFilter filter = AllRuns();
  filter.start = range;
  EXPECT_THAT(Names(ListInstances(filter, 2)),
              ElementsAre("1/1", "1/2", "2/1", "2/2"));
  filter = AllRuns();
  filter.end = range;
  EXPECT_THAT(Names(ListInstances(filter, 2)),
              ElementsAre("0/1", "0/2", "1/1", "1/2"));
  filter = AllRuns();
  filter.created = range;
  EXPECT_THAT(Names(ListInstances(filter, 2)),
              ElementsAre("1/1", "1/2", "2/1", "2/2"));
  filter.start.to = SampleTime(3600);
  EXPECT_THAT(Names(ListInstances(filter, 2)), ElementsAre("1/1", "1/2"));
  filter = AllRuns();
  filter.ended = {SampleTime(1800), SampleTime(5399)};
  EXPECT_THAT(Names(ListInstances(filter, 2)), ElementsAre("0/1", "0/2"));
  filter.ended = {SampleTime(1801), absl::InfiniteFuture()};
  EXPECT_THAT(Names(ListInstances(filter, 9)),
              ElementsAre("1/1", "1/2", "2/1", "2/2", "3/1", "3/2"));
  filter.start = {SampleTime(9), SampleTime(8)};
  EXPECT_THAT(ListInstances(filter, 9), IsEmpty());
}

TEST_P(StoreConformance, ListsInstancesByStatusAndComponent) {
  CommitPipelines(FourHours());
  RunFilter filter = AllRuns();
  filter.statuses = {RunStatus::kFailed, RunStatus::kRunning};
  EXPECT_THAT(Names(ListInstances(filter, 3)),
              ElementsAre("1/1", "1/2", "3/1", "3/2"));
  filter.components = {ComponentNumber{2}, ComponentNumber{5}};
  EXPECT_THAT(Names(ListInstances(filter, 3)), ElementsAre("1/2", "3/2"));
  filter.statuses = {RunStatus::kWaitingForRunner, RunStatus::kRunning};
  EXPECT_THAT(Names(ListInstances(filter, 1)), ElementsAre("2/2", "3/2"));
  filter.created.from = SampleTime(3 * 3600);
  EXPECT_THAT(Names(ListInstances(filter, 1)), ElementsAre("3/2"));
  filter.components.emplace();
  EXPECT_THAT(ListInstances(filter, 3), IsEmpty());
  filter = AllRuns();
  filter.statuses.emplace();
  EXPECT_THAT(ListInstances(filter, 3), IsEmpty());
}

TEST_P(StoreConformance, FindsAnInstanceThatRunsAgainWhereItWasMadeAnew) {
  PipelineBatch batch = FourHours();
  CommitPipelines(batch);
  PipelineBatch again;
  again.instances = {batch.instances[0]};
  again.instances[0].created_at = SampleTime(90000);
  again.instances[0].status = RunStatus::kWaitingOnDependencies;
  again.instances[0].ended_at = absl::InfiniteFuture();
  CommitPipelines(again);
  RunFilter filter = AllRuns();
  filter.created = {SampleTime(90000), SampleTime(90000)};
  EXPECT_THAT(ListInstances(filter, 3), ElementsAre(again.instances[0]));
  filter.created = {SampleTime(0), SampleTime(0)};
  EXPECT_THAT(Names(ListInstances(filter, 3)), ElementsAre("0/1"));
  filter = AllRuns();
  filter.statuses = {RunStatus::kWaitingOnDependencies};
  EXPECT_THAT(Names(ListInstances(filter, 3)), ElementsAre("0/2"));
}

TEST_P(StoreConformance, PagesOfRunsAreStableWhileOthersAreMade) {
  CommitPipelines(FourHours());
  std::vector<Instance> seen;
  std::optional<InstanceKey> after;
  int64_t made = 10;
  do {
    auto page = *archive().ListInstances(AllRuns(), after, 3);
    seen.insert(seen.end(), page.instances.begin(), page.instances.end());
    after = page.next_after;
    PipelineBatch batch;
    batch.instances = {SampleInstance(SampleKey(1, -made, 1))};
    if (made < 12) {
      batch.instances.push_back(SampleInstance(SampleKey(1, made, 1)));
    }
    ++made;
    CommitPipelines(batch);
  } while (after.has_value());
  EXPECT_THAT(Names(seen), ElementsAre("0/1", "0/2", "1/1", "1/2", "2/1", "2/2",
                                       "3/1", "3/2", "10/1", "11/1"));
}

TEST_P(StoreConformance, OnePageLooksAtABoundedNumberOfRuns) {
  constexpr int kRuns = kRunsExaminedMax * 2 + 10;
  PipelineBatch batch;
  batch.pipelines = {SamplePipeline(1)};
  for (int64_t hour = 1; hour <= kRuns; ++hour) {
    Instance instance = SampleInstance(SampleKey(1, hour, 1));
    instance.created_at = SampleTime(0);
    if (hour == kRuns) instance.status = RunStatus::kCanceled;
    batch.attempts.push_back(SampleRun(instance.key, 1));
    batch.attempts.back().status = instance.status;
    batch.instances.push_back(std::move(instance));
  }
  CommitPipelines(batch);
  RunFilter filter = AllRuns();
  filter.statuses = {RunStatus::kCanceled};
  const InstanceKey last = SampleKey(1, kRunsExaminedMax, 1);
  for (absl::Time from : {absl::InfinitePast(), SampleTime(0)}) {
    filter.created.from = from;
    auto page = *archive().ListInstances(filter, std::nullopt, 3);
    EXPECT_THAT(page.instances, IsEmpty());
    EXPECT_EQ(page.next_after, last);
    EXPECT_THAT(Names(ListInstances(filter, 3)),
                ElementsAre(absl::StrCat(kRuns, "/1")));
  }
  auto page = *archive().ListAttempts(filter, std::nullopt, 3);
  EXPECT_THAT(page.attempts, IsEmpty());
  EXPECT_EQ(page.next_after, (AttemptKey{last, 1}));
  EXPECT_THAT(Names(ListAttempts(filter, 3)),
              ElementsAre(absl::StrCat(kRuns, "/1#1")));
}

TEST_P(StoreConformance, TellsOfALiveAttemptWhatItsTaskKnows) {
  Task task = SampleTask(77);
  LeaseTask(task, 5);
  Submit(task);
  PipelineBatch batch;
  batch.pipelines = {SamplePipeline(1)};
  const InstanceKey key = SampleKey(1, 1, 1);
  batch.instances = {SampleInstance(key)};
  Attempt ended = SampleRun(key, 1);
  EndRun(ended, RunStatus::kFailed, SampleTime(1));
  Attempt live = SampleRun(key, 2);
  Attempt taskless = SampleRun(key, 3);
  taskless.task = TaskId{};
  batch.attempts = {taskless, live, ended};
  CommitPipelines(batch);
  live.hostname = task.state.lease.hostname;
  live.instance_arn = task.state.lease.instance_arn;
  live.reported_at = task.state.lease.reported_at;
  live.progress = task.state.progress;
  EXPECT_THAT(*archive().AttemptsOf(key), ElementsAre(ended, live, taskless));
  EXPECT_THAT(ListAttempts(AllRuns(), 2), ElementsAre(ended, live, taskless));
  EXPECT_EQ(LoadPipelines().attempts[0], batch.attempts[1]);
}

TEST_P(StoreConformance, ListsAttemptsByWhatTheyAndTheirInstancesAre) {
  PipelineBatch batch = FourHours();
  for (const Instance& instance : batch.instances) {
    for (int number : {2, 1}) {
      Attempt attempt = SampleRun(instance.key, number);
      attempt.ready_at = instance.key.start + absl::Seconds(number);
      attempt.status = number == 1 ? RunStatus::kFailed : instance.status;
      attempt.ended_at = number == 1 ? attempt.ready_at : instance.ended_at;
      batch.attempts.push_back(attempt);
    }
  }
  CommitPipelines(batch);
  EXPECT_EQ(ListAttempts(AllRuns(), 3).size(), 16u);
  RunFilter filter = AllRuns();
  filter.start = {SampleTime(3600), SampleTime(3600)};
  EXPECT_THAT(Names(ListAttempts(filter, 3)),
              ElementsAre("1/1#1", "1/1#2", "1/2#1", "1/2#2"));
  filter.components = {ComponentNumber{2}};
  EXPECT_THAT(Names(ListAttempts(filter, 1)), ElementsAre("1/2#1", "1/2#2"));
  filter.statuses = {RunStatus::kFailed};
  filter.start.to = absl::InfiniteFuture();
  EXPECT_THAT(Names(ListAttempts(filter, 1)),
              ElementsAre("1/2#1", "1/2#2", "2/2#1", "3/2#1"));
  filter.end = {SampleTime(3 * 3600), SampleTime(3 * 3600)};
  EXPECT_THAT(Names(ListAttempts(filter, 9)), ElementsAre("2/2#1"));
  filter = AllRuns();
  filter.created = {SampleTime(3602), SampleTime(7201)};
  EXPECT_THAT(Names(ListAttempts(filter, 9)),
              ElementsAre("1/1#2", "1/2#2", "2/1#1", "2/2#1"));
  filter.ended = {SampleTime(7000), SampleTime(8000)};
  EXPECT_THAT(Names(ListAttempts(filter, 9)), ElementsAre("2/1#1", "2/2#1"));
}

TEST_P(StoreConformance, TrimDeletesRunsThatEndedBeforeAndNothingElse) {
  PipelineBatch batch = FourHours();
  for (const Instance& instance : batch.instances) {
    batch.attempts.push_back(SampleRun(instance.key, 1));
  }
  CommitPipelines(batch);
  Task task = SampleTask(1);
  EndTask(task, Phase::kFinished, SampleTime(0));
  Submit(task);
  const PipelineRows live = LoadPipelines();
  EXPECT_EQ(*diary().Trim({.runs = SampleTime(1800)}, 10), 0);
  EXPECT_EQ(
      *diary().Trim({.tasks = SampleTime(1), .runs = SampleTime(1801)}, 2), 2);
  EXPECT_EQ(*diary().ReadTask(TaskId{1}), std::nullopt);
  EXPECT_EQ(*diary().Trim({.runs = SampleTime(1801)}, 2), 1);
  EXPECT_THAT(
      Names(ListAttempts(AllRuns(), 9)),
      ElementsAre("1/1#1", "1/2#1", "2/1#1", "2/2#1", "3/1#1", "3/2#1"));
  EXPECT_EQ(*diary().ReadInstance(SampleKey(1, 0, 1)), std::nullopt);
  EXPECT_THAT(*archive().AttemptsOf(SampleKey(1, 0, 1)), IsEmpty());
  EXPECT_EQ(*diary().Trim({.runs = absl::InfiniteFuture()}, 10), 2);
  EXPECT_TRUE(Same(LoadPipelines(), live));
  EXPECT_EQ(ListInstances(AllRuns(), 9), live.instances);
}

}  // namespace
}  // namespace holdline
