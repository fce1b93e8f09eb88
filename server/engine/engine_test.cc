#include "server/engine/engine.h"

#include <atomic>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "gtest/gtest.h"
#include "server/queries/history.h"
#include "server/queries/task_object.h"
#include "server/store/memory/memory_store.h"
#include "server/store/testing/faulty_store.h"

namespace holdline {
namespace {

const AccountId kAccount{"000000000000"};
const GroupKey kGroup{kAccount, "wg"};

Submit NewTask() {
  Submission submission;
  submission.spec.group = kGroup;
  return {kAccount, {submission}, "", 0};
}

Poll LongPoll() { return {kGroup, "", absl::Now() + absl::Hours(1)}; }

// Calls, and waits for the answer.
template <typename T>
T Ask(Engine& engine, CommandBody what) {
  absl::Notification answered;
  ReplyBody answer;
  engine.Call(std::move(what), [&](ReplyBody body) {
    answer = std::move(body);
    answered.Notify();
  });
  answered.WaitForNotification();
  EXPECT_TRUE(std::holds_alternative<T>(answer));
  return std::get<T>(answer);
}

TEST(EngineTest, ManyThreadsSubmitAndPollAndEachTaskGoesToOnePoll) {
  constexpr int kThreads = 4;
  constexpr int kTasks = 200;
  MemoryStore store;
  Engine engine({}, &store.diary(), EncodeTaskObject, {});
  ASSERT_TRUE(engine.Start().ok());
  std::vector<std::atomic<int>> given(kThreads * kTasks + 1);
  absl::BlockingCounter answered(2 * kThreads * kTasks);
  const auto work = [&] {
    for (int i = 0; i < kTasks; ++i) {
      engine.Call(LongPoll(), [&](ReplyBody body) {
        ++given[static_cast<size_t>(std::get<PollAnswer>(body).task->id)];
        answered.DecrementCount();
      });
      engine.Call(NewTask(), [&](ReplyBody) { answered.DecrementCount(); });
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) threads.emplace_back(work);
  answered.Wait();
  for (std::thread& thread : threads) thread.join();
  for (size_t id = 1; id < given.size(); ++id) EXPECT_EQ(given[id], 1) << id;
}

TEST(EngineTest, AnEngineWhoseStoreCannotBeLoadedDoesNotStart) {
  MemoryStore memory;
  FaultyStore store(&memory);
  store.Fail({.call = StoreCall::kLoad});
  Engine engine({}, &store.diary(), EncodeTaskObject, {});
  EXPECT_EQ(engine.Start(), DiskFull());
}

TEST(EngineTest, StoppingAnswersEverythingThatIsHeldOrWaits) {
  MemoryStore store;
  Engine engine({}, &store.diary(), EncodeTaskObject, {});
  ASSERT_TRUE(engine.Start().ok());
  PollResult result = PollResult::kTask;
  engine.Call(LongPoll(), [&](ReplyBody body) {
    result = std::get<PollAnswer>(body).result;
  });
  bool taken = false;
  engine.Call(NewTask(), [&](ReplyBody) { taken = true; });
  engine.Call(LongPoll(), [](ReplyBody) {});
  engine.Stop();
  engine.Stop();
  EXPECT_NE(result, PollResult::kEmpty);
  EXPECT_TRUE(taken);
  EXPECT_EQ(Ask<absl::Status>(engine, NewTask()).code(),
            absl::StatusCode::kUnavailable);
}

// A definition of many objects, which takes its time.
Definition LongDefinition() {
  Definition definition;
  definition.objects.push_back(
      {"Default", "Default", {{"scheduleType", "ondemand"}}});
  for (int i = 0; i < 90; ++i) {
    const std::string id = absl::StrCat("A", i);
    definition.objects.push_back({id,
                                  id,
                                  {{"type", "ShellCommandActivity"},
                                   {"command", "true"},
                                   {"workerGroup", "wg"}}});
  }
  return definition;
}

TEST(EngineTest, DefinitionsAreJudgedAndTheirCallersAnswered) {
  MemoryStore store;
  Engine engine({}, &store.diary(), EncodeTaskObject, {});
  ASSERT_TRUE(engine.Start().ok());
  Ask<PipelineCreated>(engine, PipelineCommand(CreatePipeline{
                                   kAccount, "", "df-1", "p", "p", "", {}}));
  const auto checked = Ask<DefinitionChecked>(
      engine,
      PipelineCommand(PutDefinition{kAccount, "df-1", LongDefinition()}));
  EXPECT_TRUE(checked.report.errors.empty());
  Ask<PipelineDone>(
      engine, PipelineCommand(ActivatePipeline{kAccount, "df-1", {}, {}}));
  EXPECT_TRUE(Ask<PollAnswer>(engine, LongPoll()).task.has_value());
}

TEST(EngineTest, StoppingAnswersWhoseDefinitionIsNotJudgedYet) {
  MemoryStore store;
  Engine engine({}, &store.diary(), EncodeTaskObject, {});
  ASSERT_TRUE(engine.Start().ok());
  std::atomic<int> answers = 0;
  for (int i = 0; i < 20; ++i) {
    const std::string id = absl::StrCat("df-", i);
    Ask<PipelineCreated>(engine, PipelineCommand(CreatePipeline{
                                     kAccount, "", id, id, id, "", {}}));
    engine.Call(PipelineCommand(PutDefinition{kAccount, id, LongDefinition()}),
                [&](const ReplyBody&) { ++answers; });
  }
  engine.Stop();
  EXPECT_EQ(answers, 20);
}

TEST(EngineTest, AFullInboxRefusesCommandsButNotTheNewsThatACallHasGone) {
  MemoryStore memory;
  FaultyStore store(&memory);
  EngineOptions options;
  options.inbox_max = 2;
  Engine engine(options, &store.diary(), EncodeTaskObject, {});
  ASSERT_TRUE(engine.Start().ok());
  std::atomic<bool> gone = false;
  const CallId parked = engine.Call(LongPoll(), [&](ReplyBody body) {
    gone = std::get<absl::Status>(body).code() == absl::StatusCode::kCancelled;
  });
  // A group of its own, or the parked call would get the task.
  Submit other = NewTask();
  other.tasks[0].spec.group.name = "other";
  Ask<GroupsAnswer>(engine, InspectGroup{kGroup});
  store.Stall(StoreCall::kCommit);
  absl::Notification first;
  engine.Call(other, [&](ReplyBody) { first.Notify(); });
  store.AwaitStalled(StoreCall::kCommit);
  absl::BlockingCounter waiting(2);
  for (int i = 0; i < 2; ++i) {
    engine.Call(other, [&](ReplyBody) { waiting.DecrementCount(); });
  }
  EXPECT_EQ(Ask<absl::Status>(engine, other).code(),
            absl::StatusCode::kResourceExhausted);
  engine.Tell(CallGone{parked});
  store.Release(StoreCall::kCommit);
  first.WaitForNotification();
  waiting.Wait();
  Ask<GroupsAnswer>(engine, InspectGroup{kGroup});
  EXPECT_TRUE(gone);
}

TEST(EngineTest, CommandsThatArriveDuringACommitFormTheNextBatch) {
  MemoryStore memory;
  FaultyStore store(&memory);
  Engine engine({}, &store.diary(), EncodeTaskObject, {});
  ASSERT_TRUE(engine.Start().ok());
  store.Stall(StoreCall::kCommit);
  absl::BlockingCounter taken(11);
  engine.Call(NewTask(), [&](ReplyBody) { taken.DecrementCount(); });
  store.AwaitStalled(StoreCall::kCommit);
  for (int i = 0; i < 10; ++i) {
    engine.Call(NewTask(), [&](ReplyBody) { taken.DecrementCount(); });
  }
  store.Release(StoreCall::kCommit);
  taken.Wait();
  EXPECT_EQ(store.calls(StoreCall::kCommit), 2);
}

TEST(HistoryTest, ShowsWhatWasCommittedBeforeTheQuestion) {
  MemoryStore store;
  Engine engine({}, &store.diary(), EncodeTaskObject, {});
  ASSERT_TRUE(engine.Start().ok());
  History history(store.OpenArchive());
  const TaskId id = Ask<SubmitAnswer>(engine, NewTask()).tasks[0];
  absl::Notification answered;
  history.Get(kAccount, NumberOf(id), [&](auto task) {
    EXPECT_TRUE(task.ok() && task->has_value());
    answered.Notify();
  });
  answered.WaitForNotification();
  absl::Notification listed;
  TaskFilter filter;
  filter.account = kAccount;
  history.List(filter, TaskNumber{UINT64_MAX}, [&](auto page) {
    EXPECT_EQ(page->tasks.size(), 1);
    listed.Notify();
  });
  listed.WaitForNotification();
}

TEST(HistoryTest, ASlowQuestionDoesNotDelayATask) {
  MemoryStore memory;
  FaultyStore store(&memory);
  Engine engine({}, &store.diary(), EncodeTaskObject, {});
  ASSERT_TRUE(engine.Start().ok());
  History history(store.OpenArchive());
  store.Stall(StoreCall::kFindAccount);
  absl::Notification listed;
  history.List({}, TaskNumber{1}, [&](auto) { listed.Notify(); });
  store.AwaitStalled(StoreCall::kFindAccount);
  Ask<SubmitAnswer>(engine, NewTask());
  EXPECT_FALSE(listed.HasBeenNotified());
  store.Release(StoreCall::kFindAccount);
  listed.WaitForNotification();
}

TEST(HistoryTest, AnswersSeveralThingsInOneQuestion) {
  MemoryStore store;
  PipelineBatch batch;
  batch.pipelines.emplace_back();
  batch.pipelines[0].number = PipelineNumber{1};
  batch.pipelines[0].account = kAccount;
  batch.pipelines[0].id = "df-1";
  batch.components.emplace_back();
  batch.components[0].pipeline = PipelineNumber{1};
  ASSERT_TRUE(store.diary().Commit({}, batch).ok());
  History history(store.OpenArchive());
  absl::Notification answered;
  history.Ask(
      kAccount,
      [&](Archive& asked) {
        auto found = *asked.FindPipeline(kAccount, "df-1");
        EXPECT_TRUE(found.has_value());
        EXPECT_EQ(asked.ReadComponents(found->number)->size(), 1u);
        answered.Notify();
      },
      [](const absl::Status& status) { ADD_FAILURE() << status; });
  answered.WaitForNotification();
}

TEST(HistoryTest, RefusesAQuestionOnceIfTooManyWait) {
  MemoryStore store;
  absl::Notification go_on;
  int answered = 0;
  int refused = 0;
  {
    History history(store.OpenArchive());
    history.Ask(
        kAccount, [&](Archive&) { go_on.WaitForNotification(); },
        [](const absl::Status&) {});
    for (int i = 0; i < 2000; ++i) {
      history.Ask(
          kAccount, [&](Archive&) { ++answered; },
          [&](const absl::Status& status) {
            EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
            ++refused;
          });
    }
    EXPECT_GT(refused, 0);
    go_on.Notify();
  }
  EXPECT_EQ(answered + refused, 2000);
}

TEST(HistoryTest, AccountsTakeTurnsAndNoneTakesThePlacesOfAnother) {
  MemoryStore store;
  absl::Notification go_on;
  std::string order;
  {
    History history(store.OpenArchive());
    absl::Notification begun;
    history.Ask(
        kAccount,
        [&](Archive&) {
          begun.Notify();
          go_on.WaitForNotification();
        },
        [](const absl::Status&) {});
    begun.WaitForNotification();
    const auto ask = [&](const std::string& account) {
      history.Ask(
          AccountId{account}, [&order, account](Archive&) { order += account; },
          [](const absl::Status&) {});
    };
    for (int i = 0; i < 2000; ++i) ask("a");
    for (int i = 0; i < 3; ++i) ask("b");
    ask("c");
    go_on.Notify();
  }
  EXPECT_EQ(order.substr(0, 8), "abcababa");
}

}  // namespace
}  // namespace holdline
