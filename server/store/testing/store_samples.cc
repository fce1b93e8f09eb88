#include "server/store/testing/store_samples.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace holdline {

absl::Time SampleTime(int64_t seconds) {
  return absl::FromUnixMicros(1234567890123456) + absl::Seconds(seconds);
}

Task SampleTask(uint64_t id) {
  const auto offset = static_cast<int64_t>(id);
  Task task;
  task.id = TaskId{id};
  task.spec = {
      .group = {.account = {"000000000000"}, .name = "workers"},
      .type = "ShellCommandActivity",
      .priority = 7,
      .fairness_key = "pipeline",
      .labels = {},
      .retry = {.attempts = 5,
                .delay = absl::Seconds(11),
                .backoff = 1.7,
                .delay_max = absl::Hours(3),
                .jitter = 0.1},
      .timeouts = {.acknowledge = absl::Seconds(17),
                   .progress = absl::Microseconds(1000001),
                   .attempt = absl::InfiniteDuration()},
      .submitted_at = SampleTime(offset),
  };
  task.state.attempt = 3;
  task.state.failures = 2;
  task.state.ready_at = SampleTime(offset + 1);
  task.state.progress = "half way";
  task.state.cancellation_reason = "none yet";
  return task;
}

void LeaseTask(Task& task, uint64_t lease) {
  task.state.phase = Phase::kLeased;
  task.state.lease = {
      .id = LeaseId{lease},
      .hostname = absl::StrCat("host-", lease),
      .handed_out_at = SampleTime(100),
      .acknowledged_at = SampleTime(101),
      .reported_at = SampleTime(102),
      .deadline = SampleTime(103),
  };
}

void EndTask(Task& task, Phase phase, absl::Time at) {
  task.state.phase = phase;
  task.state.ended_at = at;
  if (phase == Phase::kFailed) task.state.lease_end = LeaseEnd::kFailed;
}

EndedAttempt SampleAttempt(const Task& task, int number) {
  return {
      .task = task.id,
      .number = number,
      .lease = task.state.lease,
      .failure = {.id = "Service_Timeout",
                  .message = "silent for too long",
                  .stack_trace = "main.cc:1"},
      .ended_at = SampleTime(200 + number),
  };
}

void AddNew(const Task& task, std::string payload, Batch& batch) {
  batch.new_tasks.push_back(
      {.id = task.id, .spec = task.spec, .payload = std::move(payload)});
  AddChanged(task, batch);
}

void AddChanged(const Task& task, Batch& batch) {
  batch.changed_tasks.push_back({.id = task.id, .state = task.state});
}

Batch SampleBatch() {
  Batch batch;
  AddNew(SampleTask(1), "first", batch);
  Task leased = SampleTask(2);
  LeaseTask(leased, 1);
  AddNew(leased, std::string("\0\xff'", 3), batch);
  Task failed = SampleTask(3);
  LeaseTask(failed, 2);
  EndTask(failed, Phase::kFailed, SampleTime(300));
  AddNew(failed, "", batch);
  batch.ended_attempts = {SampleAttempt(failed, 1), SampleAttempt(failed, 2)};
  batch.groups = {{.group = leased.spec.group, .paused = true}};
  batch.runners = {{.runner = {leased.spec.group.account, "runner"},
                    .hostname = "host",
                    .worker_group = "workers",
                    .heartbeat_at = SampleTime(301),
                    .draining = true}};
  batch.requests = {{.request = {leased.spec.group.account, "request"},
                     .fingerprint = UINT64_MAX,
                     .first = TaskId{1},
                     .count = 3,
                     .expires_at = SampleTime(302)}};
  // As one is numbered that had tasks before accounts had numbers.
  batch.accounts = {{.account = leased.spec.group.account,
                     .first = TaskNumber{4},
                     .next = TaskNumber{4}}};
  batch.counters = {.next_lease = LeaseId{3}};
  return batch;
}

void Reference::Apply(const Batch& batch) {
  for (const NewTask& task : batch.new_tasks) {
    TaskHistory& added = tasks_[task.id];
    added.task = {.id = task.id, .spec = task.spec, .state = {}};
    added.payload = task.payload;
  }
  for (const ChangedTask& task : batch.changed_tasks) {
    tasks_.at(task.id).task.state = task.state;
  }
  for (const EndedAttempt& attempt : batch.ended_attempts) {
    tasks_.at(attempt.task).ended_attempts.push_back(attempt);
  }
  for (const GroupSettings& group : batch.groups) {
    settings_.groups.erase(group.group);
    if (!group.paused && !group.draining) continue;
    settings_.groups[group.group] = group;
  }
  for (const auto& runner : batch.runners) {
    settings_.runners[runner.runner] = runner;
  }
  for (const auto& key : batch.forgotten_runners) settings_.runners.erase(key);
  for (const auto& key : batch.forgotten_requests) {
    settings_.requests.erase(key);
  }
  for (const auto& request : batch.requests) {
    settings_.requests[request.request] = request;
  }
  settings_.SetNumbers(batch);
}

void Reference::Trim(absl::Time ended_before) {
  std::erase_if(tasks_, [&](const auto& entry) {
    return entry.second.task.state.ended_at < ended_before;
  });
}

State Reference::Live() const {
  State state = settings_;
  for (const auto& [id, history] : tasks_) {
    if (IsFinal(history.task.state.phase)) continue;
    state.tasks.emplace(id, history.task);
  }
  return state;
}

}  // namespace holdline
