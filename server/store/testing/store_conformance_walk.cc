// The part of the suite that does as chance will have it, and holds the store
// against a reference.

#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "server/store/testing/store_conformance.h"
#include "server/store/testing/store_samples.h"

namespace holdline {
namespace {

class Walk {
 public:
  explicit Walk(uint64_t seed) : random_(seed) {}

  uint64_t Below(uint64_t limit) { return random_() % limit; }

  // Some changes that fit what the reference holds.
  Batch NextBatch(const Reference& reference) {
    Batch batch;
    batch.counters = reference.Live().counters;
    std::map<TaskId, Task> changed;
    for (uint64_t left = Below(6); left > 0; --left) AddOne(batch, changed);
    for (uint64_t left = Below(6); left > 0; --left) {
      ChangeOne(reference, batch, changed);
    }
    ChangeSettings(batch);
    for (const auto& [id, task] : changed) {
      batch.changed_tasks.push_back({.id = id, .state = task.state});
    }
    return batch;
  }

  absl::Time Time() {
    switch (Below(8)) {
      case 0:
        return absl::InfinitePast();
      case 1:
        return absl::InfiniteFuture();
      case 2:
        return absl::FromUnixMicros(static_cast<int64_t>(random_()));
      default:
        return absl::FromUnixMicros(static_cast<int64_t>(Below(100)));
    }
  }

 private:
  std::string Bytes(uint64_t limit = 20) {
    std::string bytes(Below(limit), '\0');
    for (char& byte : bytes) byte = static_cast<char>(random_());
    return bytes;
  }

  // Few, so that they meet again.
  std::string Name() { return std::string(1 + Below(2), 'a'); }

  absl::Duration Duration() {
    if (Below(4) == 0) return absl::InfiniteDuration();
    return absl::Microseconds(static_cast<int64_t>(Below(uint64_t{1} << 62)));
  }

  Lease AnyLease() {
    return {.id = LeaseId{random_()},
            .hostname = Bytes(),
            .taskrunner_id = Bytes(),
            .instance_arn = Bytes(),
            .handed_out_at = Time(),
            .acknowledged_at = Time(),
            .reported_at = Time(),
            .deadline = Time()};
  }

  TaskSpec Spec() {
    return {.group = {.account = {Name()}, .name = Name()},
            .kind = static_cast<TaskKind>(Below(4)),
            .type = Bytes(),
            .priority = static_cast<int>(Below(10)),
            .fairness_key = Bytes(),
            .labels = {{Bytes(), Bytes()}},
            .retry = {.attempts = static_cast<int>(Below(10)),
                      .delay = Duration(),
                      .backoff = 1 + 1.0 / static_cast<double>(1 + Below(99)),
                      .delay_max = Duration(),
                      .jitter = 1.0 / static_cast<double>(1 + Below(99))},
            .timeouts = {.acknowledge = Duration(),
                         .progress = Duration(),
                         .attempt = Duration()},
            .submitted_at = Time()};
  }

  TaskState AnyState() {
    TaskState state;
    state.phase = static_cast<Phase>(Below(5));
    state.attempt = static_cast<int>(1 + Below(9));
    state.failures = static_cast<int>(Below(9));
    state.ready_at = Time();
    state.lease = AnyLease();
    state.lease_end = static_cast<LeaseEnd>(Below(3));
    state.progress = Bytes(300);
    state.cancellation_reason = Bytes();
    if (IsFinal(state.phase)) {
      state.ended_at = absl::FromUnixMicros(static_cast<int64_t>(Below(100)));
    }
    return state;
  }

  void AddOne(Batch& batch, std::map<TaskId, Task>& changed) {
    const TaskId id{next_task_};
    next_task_ += 1 + Below(3);
    batch.new_tasks.push_back({.id = id,
                               .spec = Spec(),
                               .payload = Bytes(Below(10) == 0 ? 20000 : 20)});
    changed[id] = {.id = id, .spec = {}, .state = AnyState()};
  }

  void ChangeOne(const Reference& reference, Batch& batch,
                 std::map<TaskId, Task>& changed) {
    const TaskId id{Below(next_task_)};
    if (!reference.tasks().contains(id)) return;
    changed[id] = {.id = id, .spec = {}, .state = AnyState()};
    if (Below(3) != 0) return;
    batch.ended_attempts.push_back(
        {.task = id,
         .number = static_cast<int>(Below(9)),
         .lease = AnyLease(),
         .failure = {.id = Bytes(), .message = Bytes(), .stack_trace = Bytes()},
         .ended_at = Time()});
  }

  void ChangeSettings(Batch& batch) {
    if (Below(4) == 0) {
      batch.groups.push_back({.group = {.account = {Name()}, .name = Name()},
                              .paused = Below(2) == 0,
                              .draining = Below(2) == 0});
    }
    const RunnerKey runner{.account = {Name()}, .name = Name()};
    if (Below(8) == 0) {
      batch.forgotten_runners.push_back(runner);
    } else if (Below(4) == 0) {
      batch.runners.push_back({.runner = runner,
                               .hostname = Bytes(),
                               .worker_group = Bytes(),
                               .heartbeat_at = Time(),
                               .draining = Below(2) == 0});
    }
    const RequestKey request{.account = {Name()}, .name = Name()};
    if (Below(8) == 0) {
      batch.forgotten_requests.push_back(request);
    } else if (Below(4) == 0) {
      batch.requests.push_back({.request = request,
                                .fingerprint = random_(),
                                .first = TaskId{Below(1000)},
                                .count = static_cast<int>(Below(10)),
                                .expires_at = Time()});
    }
  }

  std::mt19937_64 random_;
  uint64_t next_task_ = 1;
};

}  // namespace

void StoreConformance::Check(const Reference& reference) {
  ASSERT_TRUE(Load() == reference.Live());
  std::map<AccountId, std::vector<TaskId>> listed;
  for (auto it = reference.tasks().rbegin(); it != reference.tasks().rend();
       ++it) {
    const auto& [id, expected] = *it;
    const AccountId& account = expected.task.spec.group.account;
    listed[account].push_back(id);
    auto history = archive().History(account, id);
    ASSERT_TRUE(history.ok() && history->has_value());
    ASSERT_TRUE((*history)->task == expected.task);
    ASSERT_TRUE((*history)->payload == expected.payload);
    ASSERT_TRUE((*history)->ended_attempts == expected.ended_attempts);
  }
  for (const auto& [account, ids] : listed) {
    TaskFilter filter;
    filter.account = account;
    filter.limit = 7;
    ASSERT_EQ(ListAll(filter), ids);
  }
}

TEST_P(StoreConformance, AgreesWithTheReference) {
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    SCOPED_TRACE(seed);
    Renew();
    Walk walk(seed);
    Reference reference;
    for (int step = 0; step < 60; ++step) {
      const Batch batch = walk.NextBatch(reference);
      ASSERT_EQ(diary().Commit(batch, PipelineBatch()), absl::OkStatus());
      reference.Apply(batch);
      if (walk.Below(10) == 0) {
        const absl::Time before =
            absl::FromUnixMicros(static_cast<int64_t>(walk.Below(60)));
        ASSERT_TRUE(diary().Trim({.tasks = before}, 1000000).ok());
        reference.Trim(before);
      }
      if (walk.Below(10) != 0) continue;
      ASSERT_NO_FATAL_FAILURE(Check(reference));
    }
    ASSERT_NO_FATAL_FAILURE(Check(reference));
  }
}

}  // namespace holdline
