#include "server/pipeline/planner/runs.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"

namespace holdline {

Runs::Runs(PipelineLedger* ledger, Broker* broker, RunDeadlines* deadlines,
           EncodeTask encode, ReadInstance read)
    : ledger_(ledger),
      broker_(broker),
      deadlines_(deadlines),
      encode_(std::move(encode)),
      view_(&ledger->state(), &index_, std::move(read)),
      exhaustion_(ledger, &view_, &index_) {}

void Runs::Restore(absl::Time now) {
  now_ = now;
  for (const auto& [key, instance] : state().instances) {
    index_.Change(nullptr, &instance, view_.RoleOf(instance));
    Watch(instance);
    if (instance.status == RunStatus::kWaitingOnDependencies) {
      agenda_.Consider(key);
    }
  }
}

void Runs::WorkOff() {
  while (true) {
    if (const std::optional<Instance> ended = agenda_.TakeEnded()) {
      AfterEnd(*ended);
    } else if (const auto key = agenda_.TakeConsidered()) {
      StrikeOff(*key, agenda_.TakeStruck(*key));
      GoOn(*key);
      FillPlaces({key->pipeline, key->component});
    } else if (const auto struck = agenda_.TakeStruck()) {
      StrikeOff(struck->waiting, struck->off);
    } else if (const auto machine = agenda_.TakeDoubted()) {
      EndIfNotNeeded(*machine);
    } else {
      break;
    }
  }
  exhaustion_.Finish(now_);
}

void Runs::Put(Instance next) {
  index_.Change(view_.Live(next.key), HasEnded(next.status) ? nullptr : &next,
                view_.RoleOf(next));
  ledger_->Record(std::move(next));
}

void Runs::Watch(const Instance& instance) {
  for (const RunDeadline& limit : view_.LimitsOf(instance)) {
    deadlines_->Add(limit);
  }
}

void Runs::Unwatch(const Instance& instance) {
  for (const RunDeadline& limit : view_.LimitsOf(instance)) {
    deadlines_->Remove(limit);
  }
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
    instance.waiting_on = view_.Unmet(instance);
  }
  const Instance made = instance;
  Put(std::move(instance));
  if (HasEnded(made.status)) return AfterSkip(made);
  Watch(made);
  agenda_.Consider(made.key);
}

void Runs::AfterSkip(const Instance& skipped) {
  Release(skipped.key);
  ReleaseMachine(skipped);
  exhaustion_.Note({skipped.key.pipeline, skipped.key.component});
}

void Runs::TakeUp(const Pipeline& pipeline, const Component& component,
                  const Interval& interval) {
  const InstanceKey key{pipeline.record.number, interval.start,
                        component.number};
  const std::optional<Instance> earlier = view_.Find(key);
  if (!earlier.has_value()) return Make(pipeline, component, interval);
  if (earlier->status != RunStatus::kCanceled ||
      earlier->cancellation_reason != kDeactivatedReason) {
    // It is not to come any more: whoever reckoned with it has to know.
    if (HasEnded(earlier->status) && !Satisfies(earlier->status)) {
      Cascade(*earlier);
    }
    Instance passed = *earlier;
    passed.version = pipeline.record.active_version;
    const std::optional<InstanceKey> machine = view_.MachineOf(passed);
    if (machine.has_value()) agenda_.Doubt(*machine);
    exhaustion_.Note({key.pipeline, key.component});
    return;
  }
  if (key.start < pipeline.component(key.component).skip_before) {
    Instance next = *earlier;
    next.status = RunStatus::kSkipped;
    next.version = pipeline.record.active_version;
    next.ended_at = now_;
    next.cancellation_reason.clear();
    const Instance skipped = next;
    Put(std::move(next));
    return AfterSkip(skipped);
  }
  Reopen(*earlier, false);
  Instance next = *view_.Live(key);
  next.waiting_on = view_.Unmet(next);
  Watch(next);
  Put(std::move(next));
  agenda_.Consider(key);
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
    Instance instance = *view_.Live(key);
    instance.waiting_on = view_.Unmet(instance);
    Put(std::move(instance));
  }
  for (const InstanceKey& key : made) agenda_.Consider(key);
}

void Runs::StrikeOff(const InstanceKey& key,
                     absl::Span<const InstanceKey> off) {
  const Instance* instance = view_.Live(key);
  if (instance == nullptr || off.empty()) return;
  Instance next = *instance;
  const absl::flat_hash_set<InstanceKey> gone(off.begin(), off.end());
  std::erase_if(next.waiting_on, [&](const InstanceKey& dependency) {
    return gone.contains(dependency);
  });
  Put(std::move(next));
}

void Runs::WaitFor(const InstanceKey& key,
                   absl::Span<const InstanceKey> dependencies) {
  Instance next = *view_.Live(key);
  next.waiting_on.insert(next.waiting_on.end(), dependencies.begin(),
                         dependencies.end());
  Put(std::move(next));
}

void Runs::ForgetWhatNeverComes(const InstanceKey& key) {
  Instance next = *view_.Live(key);
  const size_t erased =
      std::erase_if(next.waiting_on, [&](const InstanceKey& dependency) {
        return dependency.owner == kNoComponent && !view_.WasMade(dependency) &&
               !view_.IsToCome(dependency);
      });
  if (erased > 0) Put(std::move(next));
}

void Runs::GoOn(const InstanceKey& key) {
  const Instance* instance = view_.Live(key);
  if (instance == nullptr ||
      instance->status != RunStatus::kWaitingOnDependencies) {
    return;
  }
  const Component& component = view_.ComponentOf(*instance);
  if (component.family() == ObjectFamily::kResource) {
    GoOnWithMachine(*instance);
    return;
  }
  if (!instance->waiting_on.empty()) {
    if (!component.run.cascade) return;
    const std::vector<InstanceKey> failed = view_.Failed(instance->waiting_on);
    if (!failed.empty()) CascadeFail(key, failed);
    return;
  }
  if (!view_.MayStart(*instance)) return;
  if (AwaitPreconditions(*instance)) return;
  if (component.family() == ObjectFamily::kDataNode) {
    End(key, RunStatus::kFinished);
  } else if (component.family() == ObjectFamily::kPrecondition ||
             instance->rerun) {
    // These take no place.
    if (HasMachine(key)) StartAttempt(key, now_);
  } else {
    index_.AddReady(key);
  }
}

// It waits until it is needed, and whoever needs it is asked again.
void Runs::GoOnWithMachine(const Instance& machine) {
  if (!view_.IsNeeded(machine)) {
    End(machine.key, RunStatus::kFinished);
  } else if (view_.MayStart(machine) &&
             !index_.WaitingFor(machine.key).empty() && HasPlace(machine)) {
    Release(machine.key);
  }
}

// A precondition that held is not looked at again.
bool Runs::AwaitPreconditions(const Instance& instance) {
  const Component& component = view_.ComponentOf(instance);
  std::vector<InstanceKey> pending;
  std::vector<const Component*> missing;
  for (const ComponentNumber number : component.preconditions) {
    const InstanceKey key{instance.key.pipeline, instance.key.start, number,
                          instance.key.component};
    const std::optional<RunStatus> status = view_.StatusOf(key);
    if (status == RunStatus::kFinished) continue;
    pending.push_back(key);
    if (!status.has_value() || HasEnded(*status)) {
      missing.push_back(view_.WorkflowOf(instance).Find(number));
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
  if (const std::optional<Instance> earlier = view_.Find(instance.key)) {
    instance.attempts = earlier->attempts;
  }
  instance.end = owner.end;
  instance.version = owner.version;
  instance.created_at = now_;
  instance.retries_left = precondition.run.retries;
  const InstanceKey key = instance.key;
  Watch(instance);
  Put(std::move(instance));
  agenda_.Consider(key);
}

// One that ends as it starts makes room for the next.
void Runs::FillPlaces(const ComponentKey& component) {
  while (FillPlace(component)) {
  }
}

// Starts the earliest that is ready, if there is one and a place for it.
bool Runs::FillPlace(const ComponentKey& component) {
  const InstanceKey* ready = index_.FirstReady(component);
  if (ready == nullptr) return false;
  const InstanceKey key = *ready;
  const Instance& instance = *view_.Live(key);
  const Component& of = view_.ComponentOf(instance);
  if (!view_.MayStart(instance) ||
      index_.Places(component) >= of.run.active_max) {
    return false;
  }
  if (of.family() == ObjectFamily::kResource) {
    StartMachine(key);
    Release(key);
  } else if (HasMachine(key)) {
    StartAttempt(key, now_);
  }
  return true;
}

void Runs::Resume(PipelineNumber pipeline) {
  for (const InstanceKey& key : view_.LiveOf(pipeline)) {
    ForgetWhatNeverComes(key);
    agenda_.Consider(key);
    const Instance* instance = view_.Live(key);
    Watch(*instance);
    const auto attempt = state().attempts.find(key);
    if (instance->task == TaskId{} && attempt != state().attempts.end() &&
        !HasEnded(attempt->second.status) && view_.MayStart(*instance)) {
      Offer(*instance, attempt->second);
    } else {
      EndIfNotNeeded(key);
    }
  }
}

void Runs::Freeze(PipelineNumber pipeline,
                  const absl::btree_set<ComponentNumber>& components) {
  for (const InstanceKey& key : view_.LiveOf(pipeline)) {
    if (!components.contains(key.component) &&
        !components.contains(key.owner)) {
      continue;
    }
    const TaskId task = view_.Live(key)->task;
    const auto found = broker_->state().tasks.find(task);
    const bool is_offered = found != broker_->state().tasks.end() &&
                            found->second.state.phase == Phase::kWaiting;
    if (is_offered) {
      TakeBack(key, view_.Live(key)->status, kOfferedAgain);
    }
  }
}

void Runs::TakeBack(const InstanceKey& key, RunStatus status,
                    absl::string_view reason) {
  Instance next = *view_.Live(key);
  const TaskId task = std::exchange(next.task, TaskId{});
  next.status = status;
  if (status == RunStatus::kWaitingOnDependencies) {
    // Something of that may be run again since.
    next.waiting_on = view_.Unmet(next);
  }
  Put(std::move(next));
  broker_->Withdraw(task, std::string(reason));
}

void Runs::OnLimit(RunDeadlineKind kind, const InstanceKey& key) {
  if (view_.Live(key) == nullptr) return;
  switch (kind) {
    case RunDeadlineKind::kLate:
      return OnLate(key);
    case RunDeadlineKind::kUnmet:
      return OnUnmet(key);
    case RunDeadlineKind::kStartUp:
      return OnStartUp(key);
    case RunDeadlineKind::kTerminate:
      return End(key, RunStatus::kTimedOut, {},
                 "The resource lived longer than its terminateAfter.");
    default:
      return;
  }
}

// Not only late, but not even begun (section 15, row 26).
void Runs::OnLate(const InstanceKey& key) {
  Instance next = *view_.Live(key);
  if (next.late || next.started_at != absl::InfiniteFuture()) return;
  next.late = true;
  const Instance late = next;
  Put(std::move(next));
  Fire(late, view_.ComponentOf(late).on_late);
}

void Runs::HandOut() {
  for (const GroupKey& group : std::exchange(fed_, {})) {
    broker_->HandOutReady(group);
  }
}

void Runs::Forget(PipelineNumber pipeline) {
  for (const InstanceKey& key : view_.LiveOf(pipeline)) {
    const Instance& instance = *view_.Live(key);
    index_.Change(&instance, nullptr, view_.RoleOf(instance));
    Unwatch(instance);
    broker_->Withdraw(instance.task, "The pipeline was deleted.");
  }
}

}  // namespace holdline
