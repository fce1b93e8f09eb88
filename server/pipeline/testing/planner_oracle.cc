#include "server/pipeline/testing/planner_oracle.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/pipeline/model/object_id.h"
#include "server/pipeline/model/run_fields.h"

namespace holdline {
namespace {

bool IsLive(const std::optional<Instance>& instance) {
  return instance.has_value() && !HasEnded(instance->status);
}

bool HasStarted(RunStatus status) {
  return status != RunStatus::kWaitingOnDependencies && !HasEnded(status);
}

}  // namespace

PlannerOracle::PlannerOracle(PlannerHarness* harness) : p_(*harness) {
  p_.before_store = [this](const PipelineBatch& batch) { LookAt(batch); };
}

std::optional<Instance> PlannerOracle::Next(const InstanceKey& key) const {
  if (batch_ != nullptr) {
    for (const Instance& instance : batch_->instances) {
      if (instance.key == key) return instance;
    }
  }
  return p_.disk.Read(key);
}

std::string PlannerOracle::Name(const Instance& instance) const {
  const Pipeline& pipeline =
      p_.core().planner().state().pipelines.at(instance.key.pipeline);
  return absl::StrCat(pipeline.record.id, " ",
                      InstanceId(*pipeline.workflow(), instance.key));
}

void PlannerOracle::LookAt(const PipelineBatch& batch) {
  batch_ = &batch;
  for (const Instance& next : batch.instances) {
    const std::optional<Instance> before = p_.disk.Read(next.key);
    if (before.has_value()) NoteForgotten(*before, next);
    if (IsLive(before) && before->rerun != next.rerun) {
      // It ended within the batch, and was made anew: after how many attempts
      // cannot be told.
      first_attempts_[next.key] = next.attempts;
    } else if (!IsLive(before) || before->created_at != next.created_at) {
      first_attempts_[next.key] = before.has_value() ? before->attempts : 0;
    }
    const bool starts = HasStarted(next.status) &&
                        (!IsLive(before) || !HasStarted(before->status) ||
                         before->created_at != next.created_at);
    if (starts) CheckStart(next);
    CheckAttempts(next);
  }
  batch_ = nullptr;
}

void PlannerOracle::NoteForgotten(const Instance& before,
                                  const Instance& next) {
  for (const InstanceKey& key : before.waiting_on) {
    const bool waits_on =
        std::count(next.waiting_on.begin(), next.waiting_on.end(), key) > 0;
    if (!waits_on && !Next(key).has_value()) {
      forgotten_.emplace(next.key, key);
    }
  }
}

void PlannerOracle::CheckStart(const Instance& started) {
  const Pipeline& pipeline =
      p_.core().planner().state().pipelines.at(started.key.pipeline);
  const Workflow& workflow = *pipeline.workflows.at(started.version);
  const Component& component = *workflow.Find(started.key.component);
  EXPECT_NE(component.family(), ObjectFamily::kDataNode) << Name(started);
  for (const ComponentNumber number : component.waits_for) {
    const Component& dependency = *workflow.Find(number);
    const std::vector<absl::Time> starts =
        workflow.Overlapping(dependency, {started.key.start, started.end});
    for (const absl::Time start : starts) {
      CheckDependency(started, dependency, start);
    }
  }
  for (const ComponentNumber number : component.preconditions) {
    const std::optional<Instance> precondition =
        Next({started.key.pipeline, started.key.start, number,
              started.key.component});
    EXPECT_TRUE(precondition.has_value() &&
                precondition->status == RunStatus::kFinished)
        << Name(started) << " has started without "
        << workflow.Find(number)->id();
  }
}

void PlannerOracle::CheckDependency(const Instance& started,
                                    const Component& dependency,
                                    absl::Time start) {
  const Pipeline& pipeline =
      p_.core().planner().state().pipelines.at(started.key.pipeline);
  const InstanceKey key{started.key.pipeline, start, dependency.number};
  const std::optional<Instance> run = Next(key);
  if (forgotten_.contains({started.key, key})) return;
  if (!run.has_value()) {
    // It will be skipped, or a shorter schedule no longer has it.
    const ComponentRecord& record = pipeline.component(dependency.number);
    const Component* now = pipeline.workflow()->Find(dependency.number);
    EXPECT_TRUE(start < record.skip_before ||
                FirstIntervalFrom(*now->schedule, start) >=
                    IntervalCount(*now->schedule))
        << Name(started) << " has started before " << dependency.id();
    return;
  }
  EXPECT_TRUE(run->status == RunStatus::kFinished ||
              run->status == RunStatus::kSkipped)
      << Name(started) << " has started with " << dependency.id() << " "
      << ToString(run->status);
}

void PlannerOracle::CheckAttempts(const Instance& next) {
  const Pipeline& pipeline =
      p_.core().planner().state().pipelines.at(next.key.pipeline);
  const auto known = pipeline.workflows.find(next.version);
  // One that has ended and is marked finished may be of a forgotten version.
  if (known == pipeline.workflows.end()) return;
  const Workflow& workflow = *known->second;
  int failed = 0;
  for (int number = first_attempts_[next.key] + 1; number <= next.attempts;
       ++number) {
    const AttemptKey key{next.key, number};
    RunStatus status = RunStatus::kRunning;
    const auto stored = p_.disk.attempts.find(key);
    if (stored != p_.disk.attempts.end()) status = stored->second.status;
    for (const Attempt& attempt : batch_->attempts) {
      if (attempt.key == key) status = attempt.status;
    }
    if (status == RunStatus::kFailed) ++failed;
  }
  const int retries = workflow.Find(next.key.component)->run.retries;
  EXPECT_LE(failed, retries + 1) << Name(next) << " was tried too often";
}

void PlannerOracle::LookAtEverything() {
  CheckMemory();
  for (const auto& [number, pipeline] : p_.core().planner().state().pipelines) {
    CheckIntervals(pipeline);
  }
}

void PlannerOracle::CheckMemory() {
  const PipelinesState& state = p_.core().planner().state();
  ASSERT_EQ(state.pipelines.size(), p_.disk.pipelines.size());
  size_t components = 0;
  for (const auto& [number, pipeline] : state.pipelines) {
    EXPECT_TRUE(pipeline.record == p_.disk.pipelines.at(number));
    for (const ComponentRecord& record : pipeline.components) {
      EXPECT_TRUE(record == p_.disk.components.at({number, record.number}));
      ++components;
    }
    for (const auto& [version, definition] : pipeline.definitions) {
      EXPECT_TRUE(*definition == *p_.disk.definitions.at({number, version}));
    }
  }
  EXPECT_EQ(components, p_.disk.components.size());
  size_t live = 0;
  for (const auto& [key, instance] : p_.disk.instances) {
    if (HasEnded(instance.status)) continue;
    ++live;
    ASSERT_TRUE(state.instances.contains(key)) << Name(instance);
    EXPECT_TRUE(state.instances.at(key) == instance) << Name(instance);
  }
  EXPECT_EQ(live, state.instances.size());
  for (const auto& [key, attempt] : state.attempts) {
    EXPECT_TRUE(attempt == p_.disk.attempts.at(attempt.key));
  }
  for (const auto& [key, attempt] : p_.disk.attempts) {
    if (HasEnded(attempt.status)) continue;
    ASSERT_TRUE(state.attempts.contains(key.instance));
    EXPECT_TRUE(state.attempts.at(key.instance).key == key);
  }
  EXPECT_EQ(state.notifications.size(), p_.disk.notifications.size());
  EXPECT_TRUE(state.counters == p_.disk.counters);
}

void PlannerOracle::CheckIntervals(const Pipeline& pipeline) {
  if (pipeline.workflow() == nullptr) return;
  for (const Component& component : pipeline.workflow()->components()) {
    if (!component.schedule.has_value()) continue;
    const ComponentRecord& record = pipeline.component(component.number);
    const Schedule& schedule = *component.schedule;
    for (int64_t k = 0; k < record.next_interval; ++k) {
      const std::optional<Interval> interval = IntervalAt(schedule, k);
      if (!interval.has_value()) break;  // the schedule was shortened
      EXPECT_TRUE(p_.disk.instances.contains(
          {pipeline.record.number, interval->start, component.number}))
          << component.id() << " has no instance for interval " << k;
    }
    if (pipeline.record.state != PipelineState::kScheduled) continue;
    Schedule due_by = schedule;
    if (component.family() == ObjectFamily::kResource) {
      due_by.occurrences = IntervalCount(schedule);
      due_by.end.reset();
      due_by.type = ScheduleType::kCron;
    }
    EXPECT_GE(record.next_interval, DueCount(due_by, p_.now))
        << component.id() << " is behind";
  }
}

}  // namespace holdline
