#include "server/pipeline/runs.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"

namespace holdline {
namespace {

// Whether what waits for an instance of this status may go on (section 6.6).
bool Satisfies(RunStatus status) {
  return status == RunStatus::kFinished || status == RunStatus::kSkipped;
}

}  // namespace

Runs::Runs(PipelineLedger* ledger, Broker* broker, RunDeadlines* deadlines,
           EncodeTask encode, ReadInstance read)
    : ledger_(ledger),
      broker_(broker),
      deadlines_(deadlines),
      encode_(std::move(encode)),
      read_(std::move(read)) {}

void Runs::Restore(absl::Time now) {
  now_ = now;
  std::vector<InstanceKey> waiting;
  for (const auto& [key, instance] : state().instances) {
    index_.Add(instance);
    const Component& component = ComponentOf(instance);
    const RunSettings& run = component.run;
    if (component.schedule.has_value() && !instance.late &&
        instance.started_at == absl::InfiniteFuture()) {
      deadlines_->Add(
          {key.start + run.late_after, RunDeadlineKind::kLate, key});
    }
    if (instance.started_at != absl::InfiniteFuture()) {
      deadlines_->Add({instance.started_at + run.terminate_after,
                       RunDeadlineKind::kTerminate, key});
    }
    if (instance.status == RunStatus::kWaitingOnDependencies) {
      waiting.push_back(key);
    }
  }
  for (const InstanceKey& key : waiting) Consider(key);
}

const Pipeline& Runs::PipelineOf(const InstanceKey& key) const {
  return state().pipelines.at(key.pipeline);
}

const Instance* Runs::Live(const InstanceKey& key) const {
  const auto found = state().instances.find(key);
  return found == state().instances.end() || HasEnded(found->second.status)
             ? nullptr
             : &found->second;
}

std::optional<Instance> Runs::Find(const InstanceKey& key) const {
  const auto found = state().instances.find(key);
  if (found != state().instances.end()) return found->second;
  return read_(key);
}

std::vector<InstanceKey> Runs::LiveOf(PipelineNumber pipeline) const {
  std::vector<InstanceKey> keys;
  auto at = state().instances.lower_bound(
      {pipeline, absl::InfinitePast(), kNoComponent});
  for (; at != state().instances.end() && at->first.pipeline == pipeline;
       ++at) {
    if (!HasEnded(at->second.status)) keys.push_back(at->first);
  }
  return keys;
}

const Workflow& Runs::WorkflowOf(const Instance& instance) const {
  const Pipeline& pipeline = PipelineOf(instance.key);
  const auto found = pipeline.workflows.find(instance.version);
  return found == pipeline.workflows.end() ? *pipeline.workflow()
                                           : *found->second;
}

const Component& Runs::ComponentOf(const Instance& instance) const {
  const Component* component =
      WorkflowOf(instance).Find(instance.key.component);
  return component != nullptr ? *component
                              : *PipelineOf(instance.key)
                                     .workflow()
                                     ->Find(instance.key.component);
}

RunContext Runs::ContextOf(const Instance& instance) const {
  return {&PipelineOf(instance.key).record, &WorkflowOf(instance)};
}

void Runs::Put(Instance next) {
  if (const Instance* before = Live(next.key)) index_.Remove(*before);
  if (!HasEnded(next.status)) index_.Add(next);
  ledger_->Record(std::move(next));
}

bool Runs::MayStart(const Instance& instance) const {
  const Pipeline& pipeline = PipelineOf(instance.key);
  if (pipeline.record.state != PipelineState::kScheduled) return false;
  const ComponentNumber component = instance.key.owner == kNoComponent
                                        ? instance.key.component
                                        : instance.key.owner;
  return pipeline.component(component).status != ComponentStatus::kPaused &&
         pipeline.component(instance.key.component).status !=
             ComponentStatus::kPaused;
}

void Runs::Make(const Pipeline& pipeline, const Component& component,
                const Interval& interval) {
  Instance instance;
  instance.key = {pipeline.record.number, interval.start, component.number};
  instance.end = interval.end;
  instance.version = pipeline.record.active_version;
  instance.created_at = now_;
  instance.retries_left = component.run.retries;
  const ComponentRecord& record = pipeline.component(component.number);
  if (interval.start < record.skip_before) {
    instance.status = RunStatus::kSkipped;
    instance.ended_at = now_;
  } else {
    instance.waiting_on = Unmet(instance);
  }
  const InstanceKey key = instance.key;
  const bool skipped = HasEnded(instance.status);
  Put(std::move(instance));
  if (skipped) {
    Release(key);
    CheckExhausted(key.pipeline, key.component);
    return;
  }
  if (component.schedule.has_value()) {
    deadlines_->Add(
        {key.start + component.run.late_after, RunDeadlineKind::kLate, key});
  }
  // Whoever needs a machine may have come before it.
  if (component.family() == ObjectFamily::kResource) Release(key);
  Consider(key);
}

void Runs::MakeRun(const Pipeline& pipeline, absl::Time start) {
  std::vector<InstanceKey> made;
  const Workflow& workflow = *pipeline.workflow();
  const auto make = [&](const Component& component) {
    Instance instance;
    instance.key = {pipeline.record.number, start, component.number};
    instance.end = start;
    instance.version = pipeline.record.active_version;
    instance.created_at = now_;
    instance.retries_left = component.run.retries;
    made.push_back(instance.key);
    Put(std::move(instance));
  };
  for (const Component& component : workflow.components()) {
    if (component.family() != ObjectFamily::kPrecondition) make(component);
  }
  // Only now is it known what each of them waits for.
  for (const InstanceKey& key : made) {
    Instance instance = *Live(key);
    instance.waiting_on = Unmet(instance);
    Put(std::move(instance));
  }
  for (const InstanceKey& key : made) Consider(key);
}

std::vector<InstanceKey> Runs::Unmet(const Instance& instance) const {
  std::vector<InstanceKey> unmet;
  const Workflow& workflow = WorkflowOf(instance);
  const Component& component = ComponentOf(instance);
  const Pipeline& pipeline = PipelineOf(instance.key);
  for (const ComponentNumber number : component.waits_for) {
    const Component* dependency = workflow.Find(number);
    if (dependency == nullptr) continue;
    const ComponentRecord& record = pipeline.component(number);
    for (const absl::Time start : workflow.Overlapping(
             *dependency, {instance.key.start, instance.end})) {
      const InstanceKey key{instance.key.pipeline, start, number};
      // Those before were skipped, whether they are made yet or not.
      if (start < record.skip_before) continue;
      const std::optional<Instance> run = Find(key);
      if (!run.has_value() || !Satisfies(run->status)) unmet.push_back(key);
    }
  }
  return unmet;
}

std::vector<InstanceKey> Runs::Failed(
    absl::Span<const InstanceKey> keys) const {
  std::vector<InstanceKey> failed;
  for (const InstanceKey& key : keys) {
    if (Live(key) != nullptr) continue;
    const std::optional<Instance> run = Find(key);
    if (run.has_value() && HasEnded(run->status) && !Satisfies(run->status)) {
      failed.push_back(key);
    }
  }
  return failed;
}

void Runs::Consider(const InstanceKey& key) {
  const Instance* instance = Live(key);
  if (instance == nullptr ||
      instance->status != RunStatus::kWaitingOnDependencies) {
    return;
  }
  const Component& component = ComponentOf(*instance);
  if (!instance->waiting_on.empty()) {
    if (!component.run.cascade) return;
    const std::vector<InstanceKey> failed = Failed(instance->waiting_on);
    if (!failed.empty()) CascadeFail(key, failed);
    return;
  }
  if (!MayStart(*instance)) return;
  if (component.family() == ObjectFamily::kResource) return;  // until needed
  if (AwaitPreconditions(*instance)) return;
  if (component.family() == ObjectFamily::kDataNode) {
    End(key, RunStatus::kFinished);
  } else if (component.family() == ObjectFamily::kPrecondition) {
    if (HasMachine(*instance)) StartAttempt(key, now_);
  } else if (instance->rerun) {
    // Takes no place.
    if (HasMachine(*instance)) StartAttempt(key, now_);
  } else {
    index_.AddReady(key);
    FillPlaces({key.pipeline, key.component});
  }
}

// A precondition that held is not looked at again.
bool Runs::AwaitPreconditions(const Instance& instance) {
  const Component& component = ComponentOf(instance);
  std::vector<InstanceKey> pending;
  std::vector<const Component*> missing;
  for (const ComponentNumber number : component.preconditions) {
    const InstanceKey key{instance.key.pipeline, instance.key.start, number,
                          instance.key.component};
    const std::optional<Instance> run = Find(key);
    if (run.has_value() && run->status == RunStatus::kFinished) continue;
    pending.push_back(key);
    if (!run.has_value() || HasEnded(run->status)) {
      missing.push_back(WorkflowOf(instance).Find(number));
    }
  }
  if (pending.empty()) return false;
  Instance next = instance;
  next.waiting_on = pending;
  const Instance owner = next;
  Put(std::move(next));
  for (const Component* precondition : missing) {
    MakePrecondition(owner, *precondition);
  }
  return true;
}

void Runs::MakePrecondition(const Instance& owner,
                            const Component& precondition) {
  Instance instance;
  instance.key = {owner.key.pipeline, owner.key.start, precondition.number,
                  owner.key.component};
  if (const std::optional<Instance> earlier = Find(instance.key)) {
    instance.attempts = earlier->attempts;
  }
  instance.end = owner.end;
  instance.version = owner.version;
  instance.created_at = now_;
  instance.retries_left = precondition.run.retries;
  const InstanceKey key = instance.key;
  Put(std::move(instance));
  Consider(key);
}

void Runs::FillPlaces(const ComponentKey& component) {
  while (const InstanceKey* ready = index_.FirstReady(component)) {
    const InstanceKey key = *ready;
    const Instance instance = *Live(key);
    const int places = ComponentOf(instance).run.active_max;
    if (!MayStart(instance) || index_.Places(component) >= places) return;
    if (HasMachine(instance)) StartAttempt(key, now_);
  }
}

void Runs::Resume(PipelineNumber pipeline) {
  for (const InstanceKey& key : LiveOf(pipeline)) {
    const Instance* instance = Live(key);
    if (instance == nullptr) continue;
    const auto attempt = state().attempts.find(key);
    if (instance->task != TaskId{} || attempt == state().attempts.end() ||
        HasEnded(attempt->second.status)) {
      Consider(key);
    } else if (MayStart(*instance)) {
      Offer(*instance, attempt->second);
    }
  }
}

void Runs::Freeze(PipelineNumber pipeline, ComponentNumber component) {
  for (const InstanceKey& key : LiveOf(pipeline)) {
    const Instance* instance = Live(key);
    if (component != kNoComponent && key.component != component) continue;
    if (instance->status != RunStatus::kWaitingForRunner ||
        instance->task == TaskId{}) {
      continue;
    }
    Instance next = *instance;
    const TaskId task = std::exchange(next.task, TaskId{});
    Put(std::move(next));
    broker_->Withdraw(task, "It is offered again when its pipeline goes on.");
  }
}

void Runs::OnLate(const InstanceKey& key) {
  const Instance* instance = Live(key);
  if (instance == nullptr || instance->late ||
      instance->started_at != absl::InfiniteFuture()) {
    return;
  }
  Instance next = *instance;
  next.late = true;
  const Instance late = next;
  Put(std::move(next));
  Fire(late, ComponentOf(late).on_late);
  // It may have been next in turn for a place.
  Consider(key);
}

void Runs::HandOut() {
  for (const GroupKey& group : std::exchange(fed_, {})) {
    broker_->HandOutReady(group);
  }
}

void Runs::Forget(PipelineNumber pipeline) {
  for (const InstanceKey& key : LiveOf(pipeline)) {
    const Instance instance = *Live(key);
    index_.Remove(instance);
    broker_->Withdraw(instance.task, "The pipeline was deleted.");
  }
}

}  // namespace holdline
