#include "server/store/testing/store_conformance.h"

#include <algorithm>
#include <utility>

#include "gmock/gmock.h"
#include "server/store/new_secret.h"
#include "server/store/testing/store_samples.h"

namespace holdline {

using testing::ElementsAre;
using testing::IsEmpty;

void StoreConformance::Commit(Batch batch) {
  counters_.next_lease =
      std::max(counters_.next_lease, batch.counters.next_lease);
  batch.counters = counters_;
  ASSERT_EQ(diary().Commit(batch, PipelineBatch()), absl::OkStatus());
}

void StoreConformance::Submit(const Task& task, std::string payload) {
  Batch batch;
  AddNew(task, std::move(payload), batch);
  Commit(batch);
}

State StoreConformance::Load() {
  auto before = diary().Load();
  EXPECT_EQ(before.status(), absl::OkStatus());
  Reopen();
  auto after = diary().Load();
  EXPECT_EQ(after.status(), absl::OkStatus());
  if (!before.ok() || !after.ok()) return {};
  EXPECT_TRUE(*before == *after);
  return *std::move(after);
}

std::vector<TaskId> StoreConformance::ListAll(TaskFilter filter) {
  std::vector<TaskId> ids;
  std::optional<TaskId> next = filter.before;
  while (next) {
    filter.before = *next;
    auto page = archive().List(filter);
    EXPECT_EQ(page.status(), absl::OkStatus());
    if (!page.ok()) break;
    EXPECT_LE(std::ssize(page->tasks), filter.limit);
    for (const Task& task : page->tasks) ids.push_back(task.id);
    next = page->next_before;
  }
  return ids;
}

void StoreConformance::CommitPipelines(const PipelineBatch& batch) {
  Batch tasks;
  tasks.counters = counters_;
  ASSERT_EQ(diary().Commit(tasks, batch), absl::OkStatus());
}

PipelineRows StoreConformance::LoadPipelines() {
  auto before = diary().LoadPipelines();
  EXPECT_EQ(before.status(), absl::OkStatus());
  Reopen();
  auto after = diary().LoadPipelines();
  EXPECT_EQ(after.status(), absl::OkStatus());
  if (!before.ok() || !after.ok()) return {};
  Sort(*before);
  Sort(*after);
  EXPECT_TRUE(Same(*before, *after));
  return *std::move(after);
}

std::vector<Instance> StoreConformance::ListInstances(const RunFilter& filter,
                                                      int limit) {
  std::vector<Instance> found;
  std::optional<InstanceKey> after;
  do {
    auto page = archive().ListInstances(filter, after, limit);
    EXPECT_EQ(page.status(), absl::OkStatus());
    if (!page.ok()) break;
    EXPECT_LE(std::ssize(page->instances), limit);
    for (Instance& instance : page->instances) {
      found.push_back(std::move(instance));
    }
    after = page->next_after;
  } while (after.has_value());
  return found;
}

std::vector<Attempt> StoreConformance::ListAttempts(const RunFilter& filter,
                                                    int limit) {
  std::vector<Attempt> found;
  std::optional<AttemptKey> after;
  do {
    auto page = archive().ListAttempts(filter, after, limit);
    EXPECT_EQ(page.status(), absl::OkStatus());
    if (!page.ok()) break;
    EXPECT_LE(std::ssize(page->attempts), limit);
    for (Attempt& attempt : page->attempts) found.push_back(std::move(attempt));
    after = page->next_after;
  } while (after.has_value());
  return found;
}

namespace {

TEST_P(StoreConformance, ANewStoreIsEmpty) {
  EXPECT_TRUE(Load() == State());
  EXPECT_EQ(*diary().ReadTask(TaskId{1}), std::nullopt);
  EXPECT_EQ(diary().ReadPayload(TaskId{1}).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(archive().History({"000000000000"}, TaskId{1})->has_value(), false);
  TaskFilter filter;
  filter.account = {"000000000000"};
  EXPECT_THAT(ListAll(filter), IsEmpty());
}

TEST_P(StoreConformance, LoadBringsALiveTaskBackAsItWas) {
  Task task = SampleTask(1);
  Submit(task);
  EXPECT_TRUE(Load().tasks.at(task.id) == task);

  LeaseTask(task, 9);
  Batch batch;
  AddChanged(task, batch);
  Commit(batch);
  EXPECT_TRUE(Load().tasks.at(task.id) == task);
}

TEST_P(StoreConformance, LoadChangesNothing) {
  Submit(SampleTask(1));
  auto first = diary().Load();
  auto second = diary().Load();
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_TRUE(*first == *second);
}

TEST_P(StoreConformance, AnEndedTaskIsNotLoadedButCanBeRead) {
  Task task = SampleTask(1);
  Submit(task);
  EndTask(task, Phase::kFinished, SampleTime(5));
  Batch batch;
  AddChanged(task, batch);
  Commit(batch);
  EXPECT_THAT(Load().tasks, IsEmpty());
  EXPECT_EQ(*diary().ReadTask(task.id), task);
  EXPECT_EQ(*diary().ReadPayload(task.id), "payload");
}

TEST_P(StoreConformance, ATaskMayBeNewAndEndedInOneBatch) {
  Task task = SampleTask(1);
  EndTask(task, Phase::kCanceled, SampleTime(5));
  Submit(task);
  EXPECT_THAT(Load().tasks, IsEmpty());
  EXPECT_EQ(*diary().ReadTask(task.id), task);
}

TEST_P(StoreConformance, ARetriedTaskIsLoadedAgain) {
  Task task = SampleTask(1);
  EndTask(task, Phase::kFailed, SampleTime(5));
  Submit(task);
  task.state.phase = Phase::kWaiting;
  task.state.ended_at = absl::InfiniteFuture();
  Batch batch;
  AddChanged(task, batch);
  Commit(batch);
  EXPECT_TRUE(Load().tasks.at(task.id) == task);
  EXPECT_EQ(*diary().Trim({.tasks = absl::InfiniteFuture()}, 10), 0);
}

TEST_P(StoreConformance, KeepsCountersAndNeverFallsBehindTheLastCommit) {
  Batch batch;
  batch.counters = {.next_lease = LeaseId{UINT64_MAX}};
  batch.accounts = {{.account = {"a"}, .next = TaskNumber{2}},
                    {.account = {"b"}, .ordinal = 1, .first = TaskNumber{9}}};
  Commit(batch);
  batch.accounts = {{.account = {"a"}, .next = TaskNumber{12345678901}}};
  Commit(batch);
  EXPECT_EQ(Load().counters, batch.counters);
  EXPECT_EQ(Load().accounts.at({"a"}), batch.accounts[0]);
  EXPECT_EQ(*archive().FindAccount({"a"}), batch.accounts[0]);
  EXPECT_EQ((*archive().FindAccount({"b"}))->IdOf(TaskNumber{8}), TaskId{8});
  EXPECT_EQ(*archive().FindAccount({"c"}), std::nullopt);
}

TEST_P(StoreConformance, KeepsGroupsUntilNothingIsSetForThem) {
  const GroupSettings paused{.group = {{"account"}, "g"}, .paused = true};
  const GroupSettings draining{.group = {{"other"}, "g"}, .draining = true};
  Batch batch;
  batch.groups = {paused, draining};
  Commit(batch);
  State state = Load();
  EXPECT_EQ(state.groups.size(), 2u);
  EXPECT_EQ(state.groups.at(paused.group), paused);
  EXPECT_EQ(state.groups.at(draining.group), draining);

  batch.groups = {{.group = paused.group, .draining = true},
                  {.group = draining.group}};
  Commit(batch);
  state = Load();
  EXPECT_EQ(state.groups.size(), 1u);
  EXPECT_EQ(state.groups.at(paused.group), batch.groups[0]);
}

TEST_P(StoreConformance, KeepsRunnersUntilTheyAreForgotten) {
  const RunnerRecord runner{.runner = {{"account"}, "r-1"},
                            .hostname = "host",
                            .worker_group = "group",
                            .heartbeat_at = SampleTime(4),
                            .draining = true};
  RunnerRecord silent;
  silent.runner = {{"account"}, "r-2"};
  Batch batch;
  batch.runners = {runner, silent};
  Commit(batch);
  State state = Load();
  EXPECT_EQ(state.runners.at(runner.runner), runner);
  EXPECT_EQ(state.runners.at(silent.runner), silent);

  Batch forget;
  forget.forgotten_runners = {runner.runner, {{"account"}, "never seen"}};
  Commit(forget);
  state = Load();
  EXPECT_EQ(state.runners.size(), 1u);
  EXPECT_TRUE(state.runners.contains(silent.runner));
}

TEST_P(StoreConformance, KeepsRequestsUntilTheyAreForgotten) {
  RequestRecord request{.request = {{"account"}, "q"},
                        .fingerprint = UINT64_MAX,
                        .first = TaskId{7},
                        .count = 3,
                        .expires_at = SampleTime(6)};
  Batch batch;
  batch.requests = {request};
  Commit(batch);
  EXPECT_EQ(Load().requests.at(request.request), request);

  request.fingerprint = 1;
  batch.requests = {request};
  Commit(batch);
  EXPECT_EQ(Load().requests.at(request.request), request);

  // Forgotten and submitted again.
  request.fingerprint = 2;
  batch.requests = {request};
  batch.forgotten_requests = {request.request};
  Commit(batch);
  EXPECT_EQ(Load().requests.at(request.request), request);

  Batch forget;
  forget.forgotten_requests = {request.request};
  Commit(forget);
  EXPECT_THAT(Load().requests, IsEmpty());
}

TEST_P(StoreConformance, ABatchThatDoesNotFitIsRefusedWhole) {
  Submit(SampleTask(1));
  const State before = Load();

  Batch taken;
  AddNew(SampleTask(2), "", taken);
  AddNew(SampleTask(1), "", taken);
  taken.groups = {{.group = {{"a"}, "g"}, .paused = true}};
  EXPECT_EQ(diary().Commit(taken, PipelineBatch()).code(),
            absl::StatusCode::kDataLoss);
  EXPECT_TRUE(Load() == before);

  Batch unknown;
  unknown.groups = taken.groups;
  AddChanged(SampleTask(3), unknown);
  EXPECT_EQ(diary().Commit(unknown, PipelineBatch()).code(),
            absl::StatusCode::kDataLoss);
  EXPECT_TRUE(Load() == before);
  EXPECT_EQ(*diary().ReadTask(TaskId{2}), std::nullopt);
}

TEST_P(StoreConformance, KeepsEmptyAndLargePayloadsToTheByte) {
  std::string large(2 << 20, '\0');
  for (size_t i = 0; i < large.size(); ++i) {
    large[i] = static_cast<char>((i * 2654435761u) >> 13);
  }
  Submit(SampleTask(1), "");
  Submit(SampleTask(2), large);
  Reopen();
  EXPECT_EQ(*diary().ReadPayload(TaskId{1}), "");
  EXPECT_TRUE(*diary().ReadPayload(TaskId{2}) == large);
  EXPECT_TRUE((*archive().History({"000000000000"}, TaskId{2}))->payload ==
              large);
}

TEST_P(StoreConformance, KeepsTextsOfAnyBytes) {
  const std::string odd("a'\"\0;--\xff\xfe\xc3\x28\n%", 14);
  Task task = SampleTask(1);
  task.spec.group = {.account = {odd}, .name = odd + "g"};
  task.spec.type = odd + "t";
  task.spec.fairness_key = "";
  LeaseTask(task, 1);
  task.state.lease.hostname = odd;
  task.state.progress = odd;
  task.state.cancellation_reason = odd;
  Batch batch;
  AddNew(task, odd, batch);
  EndedAttempt attempt = SampleAttempt(task, 1);
  attempt.failure = {.id = odd, .message = "", .stack_trace = odd};
  batch.ended_attempts = {attempt};
  batch.groups = {{.group = task.spec.group, .paused = true}};
  batch.runners = {
      {.runner = {{odd}, odd}, .hostname = odd, .worker_group = odd}};
  batch.requests = {{.request = {{odd}, odd}, .expires_at = SampleTime(1)}};
  Commit(batch);
  const State state = Load();
  EXPECT_TRUE(state.tasks.at(task.id) == task);
  EXPECT_TRUE(state.groups.contains(task.spec.group));
  EXPECT_EQ(state.runners.at({{odd}, odd}), batch.runners[0]);
  EXPECT_TRUE(state.requests.contains({{odd}, odd}));
  auto history = *archive().History({odd}, task.id);
  EXPECT_EQ(history->payload, odd);
  EXPECT_THAT(history->ended_attempts, ElementsAre(attempt));
}

TEST_P(StoreConformance, TellsTextsApartThatDifferAfterAZeroByte) {
  Batch batch;
  batch.groups = {
      {.group = {{"a"}, std::string("g\0x", 3)}, .paused = true},
      {.group = {{"a"}, std::string("g\0y", 3)}, .paused = true},
      {.group = {{"a"}, "g"}, .paused = true},
      {.group = {{"a"}, "G"}, .paused = true},
  };
  Commit(batch);
  EXPECT_EQ(Load().groups.size(), 4u);
}

TEST_P(StoreConformance, KeepsTimesToTheMicrosecondAndInfinity) {
  const absl::Time times[] = {
      absl::InfinitePast(),
      absl::FromUnixMicros(INT64_MIN + 1),
      absl::FromUnixMicros(-1),
      absl::UnixEpoch(),
      absl::FromUnixMicros(1700000000000001),
      absl::FromUnixMicros(INT64_MAX - 1),
      absl::InfiniteFuture(),
  };
  uint64_t id = 1;
  Batch batch;
  for (absl::Time time : times) {
    Task task = SampleTask(id++);
    task.spec.submitted_at = time;
    task.state.ready_at = time;
    task.state.lease.deadline = time;
    task.state.lease.acknowledged_at = time;
    AddNew(task, "", batch);
  }
  Commit(batch);
  const State state = Load();
  for (const NewTask& task : batch.new_tasks) {
    EXPECT_EQ(state.tasks.at(task.id).spec, task.spec);
  }
  for (const ChangedTask& task : batch.changed_tasks) {
    EXPECT_EQ(state.tasks.at(task.id).state, task.state);
  }
}

TEST_P(StoreConformance, KeepsDurationsAndNumbersExactly) {
  Task task = SampleTask(1);
  task.spec.retry = {.attempts = INT32_MAX,
                     .delay = absl::ZeroDuration(),
                     .backoff = 1.0000000000000002,
                     .delay_max = absl::Microseconds(INT64_MAX - 1),
                     .jitter = 1e-300};
  task.spec.timeouts = {.acknowledge = absl::Microseconds(1),
                        .progress = absl::InfiniteDuration(),
                        .attempt = absl::Hours(24 * 365 * 1000)};
  task.spec.priority = INT32_MIN;
  task.state.lease.id = LeaseId{UINT64_MAX};
  Submit(task);
  EXPECT_TRUE(Load().tasks.at(task.id) == task);
}

TEST_P(StoreConformance, IdsThatWereNeverGivenOutAreNotFound) {
  Submit(SampleTask(1));
  for (uint64_t id :
       {uint64_t{0}, uint64_t{2}, uint64_t{1} << 63, UINT64_MAX}) {
    EXPECT_EQ(*diary().ReadTask(TaskId{id}), std::nullopt);
    EXPECT_EQ(diary().ReadPayload(TaskId{id}).status().code(),
              absl::StatusCode::kNotFound);
    EXPECT_FALSE(archive().History({"000000000000"}, TaskId{id})->has_value());
  }
}

TEST_P(StoreConformance, TheSecretIsRandomAndStays) {
  const std::string secret = *diary().Secret();
  EXPECT_EQ(std::ssize(secret), kSecretBytes);
  EXPECT_EQ(*diary().Secret(), secret);
  Reopen();
  EXPECT_EQ(*diary().Secret(), secret);
  EXPECT_NE(*GetParam()()->store().diary().Secret(), secret);
}

}  // namespace
}  // namespace holdline
