// The part of the suite that does with pipelines as chance will have it, and
// holds the store against a reference.

#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "server/store/run_filter.h"
#include "server/store/testing/pipeline_samples.h"
#include "server/store/testing/store_conformance.h"
#include "server/store/testing/store_samples.h"

namespace holdline {
namespace {

constexpr uint64_t kTasks = 6;

class PipelineWalk {
 public:
  explicit PipelineWalk(uint64_t seed) : random_(seed) {}

  uint64_t Below(uint64_t limit) { return random_() % limit; }

  // Some changes that fit what the reference holds.
  PipelineBatch NextBatch(const PipelineReference& reference) {
    PipelineBatch batch;
    batch.counters = reference.Rows().counters;
    if (Below(6) == 0) Create(batch);
    std::set<PipelineNumber> living;
    for (const auto& [number, record] : reference.pipelines()) {
      if (record.state == PipelineState::kDeleted) continue;
      if (Below(4) == 0) {
        batch.pipelines.push_back(Pipeline(number, record.id, record.account));
      }
      living.insert(number);
    }
    for (PipelineNumber number : living) {
      if (Below(2) == 0) ChangeContents(number, reference, batch);
    }
    ChangeNotifications(batch);
    return batch;
  }

  // Leases some tasks anew that attempts speak of, and adds one.
  Batch NextTasks(const Reference& reference) {
    Batch batch;
    batch.counters = reference.Live().counters;
    const uint64_t next =
        reference.tasks().empty()
            ? 1
            : static_cast<uint64_t>(reference.tasks().rbegin()->first) + 1;
    if (next < kTasks) AddNew(AnyTask(next), "", batch);
    for (const auto& entry : reference.tasks()) {
      if (Below(4) != 0) continue;
      AddChanged(AnyTask(static_cast<uint64_t>(entry.first)), batch);
    }
    return batch;
  }

  RunFilter Filter(const PipelineReference& reference) {
    RunFilter filter;
    filter.pipeline = PipelineNumber{
        1 +
        Below(static_cast<uint64_t>(reference.Rows().counters.next_pipeline))};
    for (TimeRange* range :
         {&filter.start, &filter.end, &filter.created, &filter.ended}) {
      if (Below(3) == 0) *range = {Time(), Time()};
    }
    if (Below(3) == 0) {
      filter.statuses.emplace();
      while (Below(4) != 0) filter.statuses->insert(Status());
    }
    if (Below(3) == 0) {
      filter.components.emplace();
      while (Below(3) != 0) filter.components->insert(Component());
    }
    return filter;
  }

  absl::Time Time() {
    switch (Below(10)) {
      case 0:
        return absl::InfinitePast();
      case 1:
        return absl::InfiniteFuture();
      default:
        return absl::FromUnixMicros(static_cast<int64_t>(Below(20)) - 5);
    }
  }

 private:
  std::string Bytes(uint64_t limit = 20) {
    std::string bytes(Below(limit), '\0');
    for (char& byte : bytes) byte = static_cast<char>(random_());
    return bytes;
  }

  int Int() { return static_cast<int>(random_()); }
  bool Coin() { return Below(2) == 0; }
  RunStatus Status() { return static_cast<RunStatus>(Below(11)); }
  Health AnyHealth() { return static_cast<Health>(Below(3)); }
  Failure AnyFailure() { return {Bytes(), Bytes(), Bytes()}; }

  ComponentNumber Component() {
    return ComponentNumber{static_cast<uint32_t>(1 + Below(3))};
  }

  // Few, so that they meet again.
  InstanceKey Key(PipelineNumber pipeline) {
    const auto hours = absl::FromUnixMicros(static_cast<int64_t>(Below(6)));
    const ComponentNumber component = Component();
    return {pipeline, hours, component, Coin() ? Component() : kNoComponent};
  }

  std::vector<InstanceKey> Keys(PipelineNumber pipeline) {
    std::vector<InstanceKey> keys;
    while (Below(3) == 0) keys.push_back(Key(pipeline));
    return keys;
  }

  Task AnyTask(uint64_t id) {
    Task task = SampleTask(id);
    if (Coin()) LeaseTask(task, 1 + Below(100));
    task.state.progress = Bytes();
    if (Below(4) == 0) EndTask(task, Phase::kFinished, SampleTime(0));
    return task;
  }

  void Create(PipelineBatch& batch) {
    const auto number =
        static_cast<uint64_t>(batch.counters.next_pipeline) + Below(2);
    batch.counters.next_pipeline = PipelineNumber{number + 1};
    batch.pipelines.push_back(Pipeline(PipelineNumber{number},
                                       absl::StrCat("df-", number),
                                       {std::string(1 + Below(2), 'a')}));
  }

  PipelineRecord Pipeline(PipelineNumber number, std::string id,
                          AccountId account) {
    PipelineRecord record = SamplePipeline(static_cast<uint64_t>(number));
    record.id = std::move(id);
    record.account = std::move(account);
    record.description = Bytes();
    record.tags = {{Bytes(), Bytes()}};
    record.state = static_cast<PipelineState>(Below(5));
    if (Below(10) == 0) record.state = PipelineState::kDeleted;
    record.saved_version = static_cast<int>(Below(4));
    record.active_version = static_cast<int>(Below(4));
    record.errored = Coin();
    record.finished_at = Time();
    record.health = AnyHealth();
    return record;
  }

  void ChangeContents(PipelineNumber pipeline,
                      const PipelineReference& reference,
                      PipelineBatch& batch) {
    if (Coin()) {
      Definition definition = SampleDefinition();
      definition.objects[0].name = Bytes();
      batch.definitions.push_back(
          {pipeline, static_cast<int>(Below(5)), std::move(definition)});
    }
    std::set<ComponentNumber> components;
    while (Coin()) components.insert(Component());
    for (ComponentNumber number : components) {
      ComponentRecord record = SampleComponent(static_cast<uint64_t>(pipeline),
                                               static_cast<uint32_t>(number));
      record.status = static_cast<ComponentStatus>(Below(5));
      record.next_interval = static_cast<int64_t>(random_());
      record.health = AnyHealth();
      record.health_from = Key(pipeline);
      batch.components.push_back(record);
    }
    std::set<InstanceKey> keys;
    while (Below(5) != 0) keys.insert(Key(pipeline));
    for (const InstanceKey& key : keys) {
      batch.instances.push_back(AnyInstance(key, reference));
      std::set<int> numbers;
      while (Coin()) numbers.insert(static_cast<int>(1 + Below(4)));
      for (int number : numbers) {
        batch.attempts.push_back(AnyAttempt(key, number));
      }
    }
  }

  Instance AnyInstance(const InstanceKey& key,
                       const PipelineReference& reference) {
    Instance instance = SampleInstance(key);
    instance.end = Time();
    instance.version = static_cast<int>(Below(5));
    instance.status = Status();
    // Mostly as it was, which is what most changes leave.
    auto before = reference.instances().find(key);
    const bool renewed = before == reference.instances().end() || Below(4) == 0;
    instance.created_at = renewed ? Time() : before->second.created_at;
    instance.ended_at =
        HasEnded(instance.status)
            ? absl::FromUnixMicros(static_cast<int64_t>(Below(20)))
            : absl::InfiniteFuture();
    instance.attempts = Int();
    instance.task = TaskId{Below(kTasks)};
    instance.rerun = Coin();
    instance.late = Coin();
    instance.waiting_on = Keys(key.pipeline);
    instance.cascade_failed_on = Keys(key.pipeline);
    instance.failure = AnyFailure();
    return instance;
  }

  Attempt AnyAttempt(const InstanceKey& key, int number) {
    Attempt attempt = SampleRun(key, number);
    attempt.task = TaskId{Below(kTasks)};
    attempt.status = Status();
    attempt.ready_at = Time();
    attempt.hostname = Bytes();
    attempt.instance_arn = Bytes();
    attempt.progress = Bytes();
    attempt.failure = AnyFailure();
    if (HasEnded(attempt.status)) {
      attempt.ended_at = absl::FromUnixMicros(static_cast<int64_t>(Below(20)));
    }
    return attempt;
  }

  void ChangeNotifications(PipelineBatch& batch) {
    const auto next = static_cast<uint64_t>(batch.counters.next_notification);
    if (Coin()) {
      batch.notifications.push_back(SampleNotification(next));
      batch.notifications.back().message = Bytes();
      batch.counters.next_notification = NotificationNumber{next + 1};
    }
    if (Coin()) {
      batch.delivered_notifications.push_back(
          NotificationNumber{Below(next + 1)});
    }
  }

  std::mt19937_64 random_;
};

std::vector<Instance> Matching(const PipelineReference& reference,
                               const RunFilter& filter) {
  std::vector<Instance> found;
  for (const auto& [key, instance] : reference.instances()) {
    if (key.pipeline != filter.pipeline || !Matches(filter, instance)) continue;
    found.push_back(instance);
  }
  return found;
}

std::vector<AttemptKey> MatchingAttempts(const PipelineReference& reference,
                                         const RunFilter& filter) {
  std::vector<AttemptKey> found;
  for (const auto& [key, attempt] : reference.attempts()) {
    if (key.instance.pipeline != filter.pipeline) continue;
    const absl::Time end = reference.instances().at(key.instance).end;
    if (Matches(filter, attempt, end)) found.push_back(key);
  }
  return found;
}

std::vector<AttemptKey> Keys(const std::vector<Attempt>& attempts) {
  std::vector<AttemptKey> keys;
  for (const Attempt& attempt : attempts) keys.push_back(attempt.key);
  return keys;
}

TEST_P(StoreConformance, AgreesWithTheReferenceOnPipelines) {
  for (uint64_t seed = 1; seed <= 3; ++seed) {
    SCOPED_TRACE(seed);
    Renew();
    PipelineWalk walk(seed);
    Reference tasks;
    PipelineReference reference;
    for (int step = 0; step < 60; ++step) {
      const Batch batch = walk.NextTasks(tasks);
      const PipelineBatch pipelines = walk.NextBatch(reference);
      ASSERT_EQ(diary().Commit(batch, pipelines), absl::OkStatus());
      tasks.Apply(batch);
      reference.Apply(pipelines);
      if (walk.Below(15) == 0) {
        const absl::Time before =
            absl::FromUnixMicros(static_cast<int64_t>(walk.Below(12)));
        while (*diary().Trim({.runs = before}, 3) == 3) {
        }
        reference.Trim(before);
      }
      const RunFilter filter = walk.Filter(reference);
      ASSERT_EQ(ListInstances(filter, 5), Matching(reference, filter));
      ASSERT_EQ(Keys(ListAttempts(filter, 5)),
                MatchingAttempts(reference, filter));
      if (walk.Below(15) != 0) continue;
      ASSERT_NO_FATAL_FAILURE(CheckPipelines(reference, tasks));
    }
    ASSERT_NO_FATAL_FAILURE(CheckPipelines(reference, tasks));
  }
}

}  // namespace
}  // namespace holdline
