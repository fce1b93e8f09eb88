// The part of the suite that is about what is told to those who ask: History,
// List and Trim.

#include <atomic>
#include <thread>
#include <vector>

#include "gmock/gmock.h"
#include "server/store/task_filter.h"
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

TaskFilter AllTasks() {
  TaskFilter filter;
  filter.account = Account();
  filter.now = SampleTime(50);
  return filter;
}

// Ids without their type, which a test prints better.
std::vector<uint64_t> Numbers(const std::vector<TaskId>& ids) {
  std::vector<uint64_t> numbers;
  for (TaskId id : ids) numbers.push_back(static_cast<uint64_t>(id));
  return numbers;
}

// One task in each condition: 1 delayed, 2 ready, 3 leased, 4 finished,
// 5 failed, 6 canceled.
Batch OneOfEach() {
  Batch batch;
  for (uint64_t id = 1; id <= 6; ++id) {
    Task task = SampleTask(id);
    if (id == 1) task.state.ready_at = SampleTime(51);
    if (id == 2) task.state.ready_at = SampleTime(50);
    if (id == 3) LeaseTask(task, 1);
    if (id == 4) EndTask(task, Phase::kFinished, SampleTime(40));
    if (id == 5) EndTask(task, Phase::kFailed, SampleTime(41));
    if (id == 6) EndTask(task, Phase::kCanceled, SampleTime(42));
    AddNew(task, "", batch);
  }
  return batch;
}

TEST_P(StoreConformance, EachArchiveSeesWhatIsCommittedLater) {
  const auto first = store().OpenArchive();
  const auto second = store().OpenArchive();
  const AccountId account{"000000000000"};
  for (uint64_t id = 1; id <= 2; ++id) {
    EXPECT_FALSE((*first->History(account, TaskId{id})).has_value());
    Submit(SampleTask(id));
    EXPECT_TRUE((*first->History(account, TaskId{id})).has_value());
    EXPECT_TRUE((*second->History(account, TaskId{id})).has_value());
  }
}

TEST_P(StoreConformance, HistoryTellsTheWholeTaskWithItsAttemptsInOrder) {
  Task task = SampleTask(1);
  LeaseTask(task, 5);
  Submit(task, "what to do");
  Batch batch;
  AddChanged(task, batch);
  batch.ended_attempts = {SampleAttempt(task, 2), SampleAttempt(task, 1)};
  Commit(batch);
  Batch further;
  further.ended_attempts = {SampleAttempt(task, 3)};
  Commit(further);
  Reopen();
  auto history = *archive().History(Account(), task.id);
  ASSERT_TRUE(history.has_value());
  EXPECT_TRUE(history->task == task);
  EXPECT_EQ(history->payload, "what to do");
  EXPECT_THAT(history->ended_attempts,
              ElementsAre(SampleAttempt(task, 2), SampleAttempt(task, 1),
                          SampleAttempt(task, 3)));
}

TEST_P(StoreConformance, HistoryShowsATaskToItsAccountOnly) {
  Submit(SampleTask(1));
  EXPECT_TRUE(archive().History(Account(), TaskId{1})->has_value());
  EXPECT_FALSE(archive().History({"000000000001"}, TaskId{1})->has_value());
  EXPECT_FALSE(archive().History({""}, TaskId{1})->has_value());
}

TEST_P(StoreConformance, AQuestionSeesWhatWasCommittedBefore) {
  for (uint64_t id = 1; id <= 20; ++id) {
    Submit(SampleTask(id));
    EXPECT_TRUE(archive().History(Account(), TaskId{id})->has_value());
    EXPECT_EQ(archive().List(AllTasks())->tasks.size(), id);
  }
}

TEST_P(StoreConformance, AnotherThreadMayAskWhileBatchesAreCommitted) {
  std::atomic<bool> done = false;
  std::thread asking([&] {
    size_t seen = 0;
    while (!done) {
      auto page = archive().List(AllTasks());
      ASSERT_TRUE(page.ok()) << page.status();
      EXPECT_GE(page->tasks.size(), seen);
      seen = page->tasks.size();
      const TaskId newest{seen};
      auto history = archive().History(Account(), newest);
      ASSERT_TRUE(history.ok()) << history.status();
      EXPECT_EQ(history->has_value(), seen > 0);
    }
  });
  for (uint64_t id = 1; id <= 50; ++id) {
    Submit(SampleTask(id));
    EXPECT_EQ(diary().ReadTask(TaskId{id})->has_value(), true);
  }
  done = true;
  asking.join();
}

TEST_P(StoreConformance, ListFiltersByCondition) {
  Commit(OneOfEach());
  bool TaskFilter::*const conditions[] = {
      &TaskFilter::delayed,  &TaskFilter::ready,  &TaskFilter::leased,
      &TaskFilter::finished, &TaskFilter::failed, &TaskFilter::canceled};
  for (uint64_t id = 1; id <= 6; ++id) {
    TaskFilter filter = AllTasks();
    filter.*conditions[id - 1] = true;
    EXPECT_THAT(Numbers(ListAll(filter)), ElementsAre(id));
  }
  TaskFilter filter = AllTasks();
  filter.ready = filter.failed = true;
  EXPECT_THAT(Numbers(ListAll(filter)), ElementsAre(5, 2));
  EXPECT_THAT(Numbers(ListAll(AllTasks())), ElementsAre(6, 5, 4, 3, 2, 1));
}

TEST_P(StoreConformance, ListTellsDelayedFromReadyByTheGivenTime) {
  Commit(OneOfEach());
  TaskFilter filter = AllTasks();
  filter.ready = true;
  filter.now = SampleTime(51);
  EXPECT_THAT(Numbers(ListAll(filter)), ElementsAre(2, 1));
  filter.now = SampleTime(49);
  EXPECT_THAT(Numbers(ListAll(filter)), IsEmpty());
}

TEST_P(StoreConformance, ListFiltersByWorkerGroupAndAccount) {
  Batch batch;
  for (uint64_t id = 1; id <= 4; ++id) {
    Task task = SampleTask(id);
    if (id == 2) task.spec.group.name = "others";
    if (id == 3) task.spec.group.account = {"111111111111"};
    if (id == 4) task.spec.group.name = "";
    AddNew(task, "", batch);
  }
  Commit(batch);
  EXPECT_THAT(Numbers(ListAll(AllTasks())), ElementsAre(4, 2, 1));
  TaskFilter filter = AllTasks();
  filter.worker_group = "others";
  EXPECT_THAT(Numbers(ListAll(filter)), ElementsAre(2));
  filter.worker_group = "";
  EXPECT_THAT(Numbers(ListAll(filter)), ElementsAre(4));
  filter.worker_group = "OTHERS";
  EXPECT_THAT(Numbers(ListAll(filter)), IsEmpty());
  filter = AllTasks();
  filter.account = {"111111111111"};
  EXPECT_THAT(Numbers(ListAll(filter)), ElementsAre(3));
}

TEST_P(StoreConformance, ListTellsTheWholeTask) {
  Task task = SampleTask(1);
  LeaseTask(task, 3);
  Submit(task);
  EXPECT_THAT(archive().List(AllTasks())->tasks, ElementsAre(task));
}

TEST_P(StoreConformance, PagesAreStableWhileTasksArrive) {
  Batch batch;
  for (uint64_t id = 1; id <= 10; ++id) AddNew(SampleTask(id), "", batch);
  Commit(batch);
  TaskFilter filter = AllTasks();
  filter.limit = 3;
  std::vector<TaskId> seen;
  std::optional<TaskId> next = filter.before;
  for (uint64_t arriving = 11; next; ++arriving) {
    filter.before = *next;
    auto page = *archive().List(filter);
    for (const Task& task : page.tasks) seen.push_back(task.id);
    next = page.next_before;
    Submit(SampleTask(arriving));
  }
  EXPECT_THAT(Numbers(seen), ElementsAre(10, 9, 8, 7, 6, 5, 4, 3, 2, 1));
}

TEST_P(StoreConformance, APageEndsWhereItsTasksAreToBegin) {
  Batch batch;
  for (uint64_t id = 1; id <= 9; ++id) AddNew(SampleTask(id), "", batch);
  Commit(batch);
  for (const bool live : {false, true}) {
    TaskFilter filter = AllTasks();
    filter.ready = filter.delayed = live;
    filter.from = TaskId{4};
    filter.before = TaskId{8};
    filter.limit = 3;
    EXPECT_THAT(Numbers(ListAll(filter)), ElementsAre(7, 6, 5, 4)) << live;
  }
}

TEST_P(StoreConformance, TheLastPageSaysThatItIsTheLast) {
  Batch batch;
  for (uint64_t id = 1; id <= 4; ++id) AddNew(SampleTask(id), "", batch);
  Commit(batch);
  TaskFilter filter = AllTasks();
  filter.limit = 4;
  EXPECT_EQ(archive().List(filter)->next_before, std::nullopt);
  filter.limit = 3;
  EXPECT_EQ(archive().List(filter)->next_before, TaskId{2});
}

TEST_P(StoreConformance, OnePageLooksAtABoundedNumberOfTasks) {
  Batch batch;
  constexpr uint64_t kTasks = kTasksExaminedMax * 2 + 10;
  for (uint64_t id = 1; id <= kTasks; ++id) {
    Task task = SampleTask(id);
    if (id != 1) task.spec.group.name = "noise";
    EndTask(task, Phase::kFinished, SampleTime(1));
    AddNew(task, "", batch);
  }
  Commit(batch);
  TaskFilter filter = AllTasks();
  filter.worker_group = "workers";
  auto page = *archive().List(filter);
  EXPECT_THAT(page.tasks, IsEmpty());
  EXPECT_EQ(page.next_before, TaskId{kTasks - kTasksExaminedMax + 1});
  EXPECT_THAT(Numbers(ListAll(filter)), ElementsAre(1));
}

TEST_P(StoreConformance, TrimDeletesWhatEndedBeforeAndNothingElse) {
  Batch batch = OneOfEach();
  Task task = SampleTask(4);
  batch.ended_attempts = {SampleAttempt(task, 1)};
  Commit(batch);
  const State live = Load();
  EXPECT_EQ(*diary().Trim({.tasks = SampleTime(40)}, 10), 0);
  EXPECT_EQ(*diary().Trim({.tasks = SampleTime(42)}, 10), 2);
  EXPECT_THAT(Numbers(ListAll(AllTasks())), ElementsAre(6, 3, 2, 1));
  EXPECT_EQ(*diary().ReadTask(TaskId{4}), std::nullopt);
  EXPECT_FALSE(archive().History(Account(), TaskId{4})->has_value());
  EXPECT_EQ(diary().ReadPayload(TaskId{4}).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(*diary().Trim({.tasks = absl::InfiniteFuture()}, 10), 1);
  EXPECT_TRUE(Load() == live);
}

TEST_P(StoreConformance, TrimDeletesNoMoreThanItsLimit) {
  Batch batch;
  for (uint64_t id = 1; id <= 5; ++id) {
    Task task = SampleTask(id);
    EndTask(task, Phase::kFinished, SampleTime(10));
    AddNew(task, "", batch);
  }
  Commit(batch);
  EXPECT_EQ(*diary().Trim({.tasks = SampleTime(11)}, 0), 0);
  EXPECT_EQ(*diary().Trim({.tasks = SampleTime(11)}, 2), 2);
  EXPECT_EQ(ListAll(AllTasks()).size(), 3u);
  EXPECT_EQ(*diary().Trim({.tasks = SampleTime(11)}, 3), 3);
  EXPECT_EQ(*diary().Trim({.tasks = SampleTime(11)}, 3), 0);
}

TEST_P(StoreConformance, NumbersOfTrimmedTasksAreNotGivenOutAgain) {
  Task task = SampleTask(9);
  EndTask(task, Phase::kFinished, SampleTime(10));
  Batch batch;
  AddNew(task, "", batch);
  batch.accounts = {{.account = Account(), .next = TaskNumber{10}}};
  Commit(batch);
  EXPECT_EQ(*diary().Trim({.tasks = absl::InfiniteFuture()}, 10), 1);
  EXPECT_EQ(Load().accounts.at(Account()).next, TaskNumber{10});
}

}  // namespace
}  // namespace holdline
