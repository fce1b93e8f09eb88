#include "server/pipeline/planner/run_view.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "server/pipeline/model/route.h"

namespace holdline {
namespace {

// The most entries of a chain of failures.
constexpr size_t kChainMax = 100;

// The component that decides where and when an instance runs: for a
// precondition, the one that it guards.
ComponentNumber OwnerOf(const InstanceKey& key) {
  return key.owner == kNoComponent ? key.component : key.owner;
}

}  // namespace

RunView::RunView(const PipelinesState* state, const RunIndex* index,
                 ReadInstance read)
    : state_(state), index_(index), read_(std::move(read)) {}

const Pipeline& RunView::PipelineOf(const InstanceKey& key) const {
  ++looked_up_;
  return state_->pipelines.at(key.pipeline);
}

const Instance* RunView::Live(const InstanceKey& key) const {
  ++looked_up_;
  const auto found = state_->instances.find(key);
  return found == state_->instances.end() || HasEnded(found->second.status)
             ? nullptr
             : &found->second;
}

std::optional<Instance> RunView::Find(const InstanceKey& key) const {
  ++looked_up_;
  const auto found = state_->instances.find(key);
  if (found != state_->instances.end()) return found->second;
  return read_(key);
}

std::optional<RunStatus> RunView::StatusOf(const InstanceKey& key) const {
  ++looked_up_;
  const auto found = state_->instances.find(key);
  if (found != state_->instances.end()) return found->second.status;
  const std::optional<Instance> read = read_(key);
  if (!read.has_value()) return std::nullopt;
  return read->status;
}

std::vector<InstanceKey> RunView::LiveOf(PipelineNumber pipeline) const {
  std::vector<InstanceKey> keys;
  auto at = state_->instances.lower_bound(
      {pipeline, absl::InfinitePast(), kNoComponent});
  for (; at != state_->instances.end() && at->first.pipeline == pipeline;
       ++at) {
    ++looked_up_;
    if (!HasEnded(at->second.status)) keys.push_back(at->first);
  }
  return keys;
}

std::optional<InstanceKey> RunView::NextLive(
    PipelineNumber pipeline, const std::optional<InstanceKey>& after) const {
  auto at = after.has_value()
                ? state_->instances.upper_bound(*after)
                : state_->instances.lower_bound(
                      {pipeline, absl::InfinitePast(), kNoComponent});
  for (; at != state_->instances.end() && at->first.pipeline == pipeline;
       ++at) {
    ++looked_up_;
    if (!HasEnded(at->second.status)) return at->first;
  }
  return std::nullopt;
}

const Workflow& RunView::WorkflowOf(const Instance& instance) const {
  const Pipeline& pipeline = PipelineOf(instance.key);
  const auto found = pipeline.workflows.find(instance.version);
  return found == pipeline.workflows.end() ? *pipeline.workflow()
                                           : *found->second;
}

const Component& RunView::ComponentOf(const Instance& instance) const {
  const ComponentNumber number = instance.key.component;
  const Component* component = WorkflowOf(instance).Find(number);
  if (component != nullptr) return *component;
  // The version of the instance may be deleted, and the active one may lack its
  // component.
  const Pipeline& pipeline = PipelineOf(instance.key);
  for (const auto& [version, workflow] : pipeline.workflows) {
    component = workflow->Find(number);
    if (component != nullptr) break;
  }
  return *component;
}

RunContext RunView::ContextOf(const Instance& instance) const {
  return {&PipelineOf(instance.key).record, &WorkflowOf(instance)};
}

bool RunView::MayStart(const Instance& instance) const {
  const Pipeline& pipeline = PipelineOf(instance.key);
  const auto is_paused = [&](ComponentNumber component) {
    return pipeline.component(component).status == ComponentStatus::kPaused;
  };
  return pipeline.record.state == PipelineState::kScheduled &&
         !is_paused(instance.key.component) &&
         !is_paused(OwnerOf(instance.key));
}

bool RunView::WasMade(const InstanceKey& key) const {
  const ComponentRecord& record = PipelineOf(key).component(key.component);
  return key.start <= record.latest_run;
}

bool RunView::IsToCome(const InstanceKey& key) const {
  const Pipeline& pipeline = PipelineOf(key);
  const Component* component = pipeline.workflow()->Find(key.component);
  if (component == nullptr || !component->schedule.has_value()) return false;
  const int64_t number = FirstIntervalFrom(*component->schedule, key.start);
  return number >= pipeline.component(key.component).next_interval &&
         number < IntervalCount(*component->schedule);
}

std::vector<InstanceKey> RunView::Unmet(const Instance& instance) const {
  std::vector<InstanceKey> unmet;
  const Workflow& workflow = WorkflowOf(instance);
  const Pipeline& pipeline = PipelineOf(instance.key);
  for (const ComponentNumber number : ComponentOf(instance).waits_for) {
    const Component* dependency = workflow.Find(number);
    if (dependency == nullptr) continue;
    const absl::Time skip_before = pipeline.component(number).skip_before;
    for (const absl::Time start : workflow.Overlapping(
             *dependency, {instance.key.start, instance.end})) {
      const InstanceKey key{instance.key.pipeline, start, number};
      if (dependency->schedule.has_value() && !WasMade(key)) {
        // Earlier intervals will be skipped.
        if (start >= skip_before) unmet.push_back(key);
        continue;
      }
      const std::optional<RunStatus> status = StatusOf(key);
      if (!status.has_value() || !Satisfies(*status)) unmet.push_back(key);
    }
  }
  return unmet;
}

std::vector<InstanceKey> RunView::Failed(
    absl::Span<const InstanceKey> keys) const {
  std::vector<InstanceKey> failed;
  for (const InstanceKey& key : keys) {
    if (Live(key) != nullptr || IsToCome(key)) continue;
    const std::optional<RunStatus> status = StatusOf(key);
    if (status.has_value() && HasEnded(*status) && !Satisfies(*status)) {
      failed.push_back(key);
    }
  }
  return failed;
}

std::vector<InstanceKey> RunView::ChainOf(
    absl::Span<const InstanceKey> failed) const {
  std::vector<InstanceKey> chain;
  absl::flat_hash_set<InstanceKey> seen;
  const auto add = [&](const InstanceKey& key) {
    if (!seen.insert(key).second) return;
    if (chain.size() == kChainMax) chain.pop_back();
    chain.push_back(key);
  };
  for (const InstanceKey& key : failed) add(key);
  for (const InstanceKey& key :
       failed.first(std::min(failed.size(), kChainMax))) {
    const std::optional<Instance> link = Find(key);
    if (!link.has_value()) continue;
    for (const InstanceKey& next : link->cascade_failed_on) add(next);
  }
  return chain;
}

std::optional<InstanceKey> RunView::ResourceOf(const Instance& instance) const {
  return holdline::ResourceOf(ContextOf(instance), instance);
}

RunRole RunView::RoleOf(const Instance& instance) const {
  return {ComponentOf(instance).family(), ResourceOf(instance)};
}

bool RunView::IsNeeded(const Instance& resource) const {
  if (index_->IsInUse(resource.key)) return true;
  const Pipeline& pipeline = PipelineOf(resource.key);
  const Workflow& workflow = *pipeline.workflow();
  for (const ComponentNumber number : ComponentOf(resource).users) {
    const Component* user = workflow.Find(number);
    if (user == nullptr || !user->schedule.has_value()) continue;
    // Intervals are made in order, so that the last one tells of all.
    const IntervalNumbers numbers = Overlapping(
        *user->schedule, Interval{resource.key.start, resource.end});
    if (numbers.last == numbers.first) continue;
    Instance last;
    const Interval interval = *IntervalAt(*user->schedule, numbers.last - 1);
    last.key = {resource.key.pipeline, interval.start, number};
    last.end = interval.end;
    last.version = pipeline.record.active_version;
    if (IsToCome(last.key) && ResourceOf(last) == resource.key) return true;
  }
  return false;
}

std::vector<RunDeadline> RunView::LimitsOf(const Instance& instance) const {
  const RunSettings& run = ComponentOf(instance).run;
  const InstanceKey& key = instance.key;
  std::vector<RunDeadline> limits;
  const auto add = [&](absl::Time time, RunDeadlineKind kind) {
    if (time != absl::InfiniteFuture()) limits.push_back({time, kind, key});
  };
  if (instance.started_at == absl::InfiniteFuture()) {
    // Reruns and runs on demand have no scheduled time to be late for (section
    // 6.4).
    if (!instance.late && !instance.rerun &&
        !PipelineOf(key).workflow()->on_demand()) {
      add(key.start + run.late_after, RunDeadlineKind::kLate);
    }
    return limits;
  }
  add(instance.started_at + run.precondition_timeout, RunDeadlineKind::kUnmet);
  add(instance.started_at + run.terminate_after, RunDeadlineKind::kTerminate);
  const auto attempt = state_->attempts.find(key);
  if (attempt != state_->attempts.end() &&
      instance.status == RunStatus::kCreating) {
    add(attempt->second.ready_at + run.start_up_timeout,
        RunDeadlineKind::kStartUp);
  }
  return limits;
}

bool RunView::IsExhausted(const Pipeline& pipeline,
                          ComponentNumber component) const {
  ++looked_up_;
  const Component* of = pipeline.workflow()->Find(component);
  return of == nullptr || !of->schedule.has_value() ||
         pipeline.component(component).next_interval >=
             IntervalCount(*of->schedule);
}

// With a dependency that is run again or has failed, its own end is not what
// its consumers wait for.
bool RunView::Spreads(const Instance& instance,
                      const absl::btree_set<InstanceKey>& all) const {
  const Component& component = ComponentOf(instance);
  if (component.family() == ObjectFamily::kResource) return true;
  if (!component.run.cascade) return false;
  return absl::c_all_of(Unmet(instance), [&](const InstanceKey& dependency) {
    if (all.contains(dependency)) return false;
    const Instance* live = Live(dependency);
    return live != nullptr && !live->rerun;
  });
}

std::optional<Dependant> RunView::NextDependant(const Instance& instance,
                                                int* version,
                                                size_t* position) const {
  const InstanceKey& key = instance.key;
  if (key.owner != kNoComponent) {
    if ((*position)++ > 0) return std::nullopt;
    return Dependant{{{key.pipeline, key.start, key.owner}}};
  }
  const Pipeline& pipeline = PipelineOf(key);
  // Dependents made from an earlier version may not be in the active one.
  for (auto at = pipeline.workflows.lower_bound(*version);
       at != pipeline.workflows.end(); ++at) {
    if (at->first != std::exchange(*version, at->first)) *position = 0;
    const Component* component = at->second->Find(key.component);
    if (component == nullptr) continue;
    const bool is_active = at->first == pipeline.record.active_version;
    const size_t waiting = component->waited_for_by.size();
    const size_t users = is_active ? component->users.size() : 0;
    if (*position >= waiting + users) continue;
    Dependant next;
    next.waits = *position < waiting;
    next.fails_with = is_active && (component->run.cascade || !next.waits);
    const ComponentNumber number = next.waits
                                       ? component->waited_for_by[*position]
                                       : component->users[*position - waiting];
    ++*position;
    const Component* dependant = at->second->Find(number);
    for (const absl::Time start :
         at->second->Overlapping(*dependant, {key.start, instance.end})) {
      next.runs.push_back({key.pipeline, start, number});
    }
    return next;
  }
  return std::nullopt;
}

int RunView::CountRuns(PipelineNumber pipeline, int max) const {
  int runs = 0;
  std::optional<InstanceKey> last;
  while (runs < max) {
    const std::optional<InstanceKey> next = NextLive(pipeline, last);
    if (!next.has_value()) break;
    ++runs;
    // The key after all of the same start.
    constexpr ComponentNumber kLast{~uint32_t{0}};
    last = InstanceKey{pipeline, next->start, kLast, kLast};
  }
  return runs;
}

}  // namespace holdline
