#include "server/pipeline/model/ledger.h"

#include <algorithm>
#include <cassert>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/algorithm/container.h"
#include "server/pipeline/model/transitions.h"

namespace holdline {
namespace {

template <typename Number>
Number Next(Number number) {
  return Number{static_cast<std::underlying_type_t<Number>>(number) + 1};
}

}  // namespace

PipelineLedger::PipelineLedger(PipelineRows rows) {
  state_.counters = rows.counters;
  for (PipelineRecord& record : rows.pipelines) {
    const PipelineNumber number = record.number;
    census_.Count(record.state, 1);
    state_.pipelines[number].record = std::move(record);
  }
  std::sort(rows.components.begin(), rows.components.end(),
            [](const ComponentRecord& a, const ComponentRecord& b) {
              return a.number < b.number;
            });
  for (ComponentRecord& record : rows.components) {
    Pipeline& pipeline = state_.pipelines.at(record.pipeline);
    ++pipeline.healths[static_cast<size_t>(record.health)];
    pipeline.components.push_back(std::move(record));
  }
  for (SavedDefinition& saved : rows.definitions) {
    state_.pipelines.at(saved.pipeline)
        .definitions.emplace(saved.version, std::move(saved.definition));
  }
  for (auto& [number, pipeline] : state_.pipelines) {
    Number(pipeline);
    Compile(pipeline);
  }
  for (Instance& instance : rows.instances) {
    const InstanceKey key = instance.key;
    census_.Count(instance.status, 1);
    state_.instances.emplace(key, std::move(instance));
  }
  for (Attempt& attempt : rows.attempts) {
    const InstanceKey key = attempt.key.instance;
    state_.attempts.emplace(key, std::move(attempt));
  }
  for (Notification& notification : rows.notifications) {
    const NotificationNumber number = notification.number;
    state_.notifications.emplace(number, std::move(notification));
  }
}

void PipelineLedger::Record(PipelineUpdate update) {
  ++recorded_;
  std::visit([this](auto& fact) { Apply(std::move(fact)); }, update);
}

bool PipelineLedger::dirty() const {
  return !(pipelines_.empty() && definitions_.empty() && components_.empty() &&
           instances_.empty() && notifications_.empty() && attempts_.empty() &&
           ended_attempts_.empty() && deleted_.empty() && removed_.empty());
}

bool PipelineLedger::Deletes(const AccountId& account,
                             const std::string& id) const {
  return absl::c_any_of(deleted_, [&](const PipelineRecord& record) {
    return record.account == account && record.id == id;
  });
}

PipelineBatch PipelineLedger::TakeBatch() {
  PipelineBatch batch;
  batch.pipelines = std::exchange(deleted_, {});
  for (const PipelineNumber number : pipelines_) {
    batch.pipelines.push_back(state_.pipelines.at(number).record);
  }
  for (const auto& [number, version] : definitions_) {
    batch.definitions.push_back(
        {number, version, state_.pipelines.at(number).definitions.at(version)});
  }
  for (const auto& [number, component] : components_) {
    batch.components.push_back(
        state_.pipelines.at(number).component(component));
  }
  batch.attempts = std::exchange(ended_attempts_, {});
  for (const InstanceKey& key : attempts_) {
    batch.attempts.push_back(state_.attempts.at(key));
  }
  for (const InstanceKey& key : instances_) {
    const auto found = state_.instances.find(key);
    if (!HasEnded(found->second.status)) {
      batch.instances.push_back(found->second);
      continue;
    }
    batch.instances.push_back(std::move(found->second));
    state_.instances.erase(found);
    state_.attempts.erase(key);
  }
  for (const NotificationNumber number : notifications_) {
    batch.notifications.push_back(state_.notifications.at(number));
  }
  batch.delivered_notifications = std::exchange(removed_, {});
  batch.counters = state_.counters;
  batch.facts = std::exchange(facts_, {});
  pipelines_.clear();
  definitions_.clear();
  components_.clear();
  instances_.clear();
  attempts_.clear();
  notifications_.clear();
  return batch;
}

void PipelineLedger::Apply(PipelineRecord record) {
  const PipelineNumber number = record.number;
  pipelines_.insert(number);
  const auto [at, is_new] = state_.pipelines.try_emplace(number);
  if (is_new) state_.counters.next_pipeline = Next(number);
  const PipelineRecord& before = at->second.record;
  const bool was_activated =
      !is_new && before.last_activated_at != record.last_activated_at;
  Note(is_new ? std::nullopt : std::optional(before.state), record,
       was_activated);
  at->second.record = std::move(record);
  Compile(at->second);
}

void PipelineLedger::Prepare(PipelineNumber number, int version,
                             CompiledDefinition compiled) {
  Pipeline& pipeline = state_.pipelines.at(number);
  pipeline.numbers = std::move(compiled.numbers);
  pipeline.workflows.insert_or_assign(version, std::move(compiled.workflow));
}

void PipelineLedger::Edit(PipelineNumber number,
                          absl::FunctionRef<void(PipelineRecord&)> change) {
  ++recorded_;
  pipelines_.insert(number);
  Pipeline& pipeline = state_.pipelines.at(number);
  PipelineRecord& record = pipeline.record;
  const PipelineState before = record.state;
  const absl::Time activated_at = record.last_activated_at;
  const int version = record.active_version;
  change(record);
  assert(record.number == number);
  Note(before, record, activated_at != record.last_activated_at);
  if (version != record.active_version) Compile(pipeline);
}

void PipelineLedger::Note(std::optional<PipelineState> before,
                          const PipelineRecord& record, bool was_activated) {
  assert(Allows(PipelineTransitions(), before, record.state));
  if (before == record.state && !was_activated) return;
  if (before.has_value()) census_.Count(*before, -1);
  census_.Count(record.state, 1);
  facts_.push_back(PipelineChanged{record.id, record.account, record.state});
}

void PipelineLedger::Apply(const PipelineDeleted& deleted) {
  const PipelineNumber number = deleted.pipeline;
  const auto found = state_.pipelines.find(number);
  PipelineRecord tombstone;
  tombstone.number = number;
  tombstone.id = found->second.record.id;
  tombstone.account = found->second.record.account;
  tombstone.state = PipelineState::kDeleted;
  census_.Count(found->second.record.state, -1);
  facts_.push_back(
      PipelineChanged{tombstone.id, tombstone.account, tombstone.state});
  deleted_.push_back(std::move(tombstone));
  state_.pipelines.erase(found);

  const auto of_pipeline = [&](const InstanceKey& key) {
    return key.pipeline == number;
  };
  pipelines_.erase(number);
  absl::erase_if(definitions_,
                 [&](const auto& key) { return key.first == number; });
  absl::erase_if(components_,
                 [&](const auto& key) { return key.first == number; });
  absl::erase_if(instances_, of_pipeline);
  absl::erase_if(attempts_, of_pipeline);
  std::erase_if(ended_attempts_, [&](const Attempt& attempt) {
    return of_pipeline(attempt.key.instance);
  });
  const InstanceKey first{number, absl::InfinitePast(), kNoComponent};
  auto at = state_.instances.lower_bound(first);
  while (at != state_.instances.end() && of_pipeline(at->first)) {
    census_.Count(at->second.status, -1);
    state_.attempts.erase(at->first);
    at = state_.instances.erase(at);
  }
}

void PipelineLedger::Apply(SavedDefinition saved) {
  definitions_.insert({saved.pipeline, saved.version});
  Pipeline& pipeline = state_.pipelines.at(saved.pipeline);
  // Versions that were saved in between were never run, and never will be.
  for (int version = pipeline.record.active_version + 1;
       version < saved.version; ++version) {
    definitions_.erase({saved.pipeline, version});
    pipeline.definitions.erase(version);
  }
  pipeline.definitions.insert_or_assign(saved.version,
                                        std::move(saved.definition));
  pipeline.workflows.erase(saved.version);
}

void PipelineLedger::Apply(ComponentRecord record) {
  const ComponentKey key{record.pipeline, record.number};
  Pipeline& pipeline = state_.pipelines.at(record.pipeline);
  std::vector<ComponentRecord>& components = pipeline.components;
  const size_t index = static_cast<size_t>(record.number) - 1;
  assert(index <= components.size());
  if (index == components.size()) {
    ComponentRecord& added = components.emplace_back();
    added.status = ComponentStatus::kPending;
    ++pipeline.healths[static_cast<size_t>(added.health)];
  }
  Change(key, [&](ComponentRecord& stored) { stored = std::move(record); });
}

void PipelineLedger::Edit(const ComponentKey& key,
                          absl::FunctionRef<void(ComponentRecord&)> change) {
  ++recorded_;
  Change(key, change);
}

void PipelineLedger::Change(const ComponentKey& key,
                            absl::FunctionRef<void(ComponentRecord&)> change) {
  components_.insert(key);
  Pipeline& pipeline = state_.pipelines.at(key.first);
  ComponentRecord& record =
      pipeline.components[static_cast<size_t>(key.second) - 1];
  --pipeline.healths[static_cast<size_t>(record.health)];
  [[maybe_unused]] const ComponentStatus before = record.status;
  change(record);
  assert(record.number == key.second);
  assert(Allows(ComponentTransitions(), before, record.status));
  ++pipeline.healths[static_cast<size_t>(record.health)];
}

void PipelineLedger::Apply(Instance instance) {
  const InstanceKey key = instance.key;
  instances_.insert(key);
  const auto [at, is_new] = state_.instances.try_emplace(key);
  const std::optional<RunStatus> before =
      is_new ? std::nullopt : std::optional(at->second.status);
  at->second = std::move(instance);
  Note(before, at->second);
}

void PipelineLedger::Edit(const InstanceKey& key,
                          absl::FunctionRef<void(Instance&)> change) {
  ++recorded_;
  instances_.insert(key);
  Instance& instance = state_.instances.at(key);
  const RunStatus before = instance.status;
  change(instance);
  assert(instance.key == key);
  Note(before, instance);
}

void PipelineLedger::Note(std::optional<RunStatus> before,
                          const Instance& instance) {
  assert(MayBecome(before, instance));
  if (before == instance.status) return;
  if (before.has_value()) census_.Count(*before, -1);
  census_.Count(instance.status, 1);
  const Component* component = ComponentOf(instance);
  if (component == nullptr) return;
  RunChanged fact{instance.key, NameOf(*component, instance.key.pipeline),
                  instance.status};
  const bool is_made = !before.has_value() && !instance.rerun;
  if (is_made && !HasEnded(instance.status) &&
      component->schedule.has_value()) {
    const absl::Time due =
        DueAt(*component, {instance.key.start, instance.end});
    const Pipeline& pipeline = state_.pipelines.at(instance.key.pipeline);
    fact.lag =
        instance.created_at - std::max(due, pipeline.record.last_activated_at);
  }
  facts_.push_back(std::move(fact));
}

const Component* PipelineLedger::ComponentOf(const Instance& instance) const {
  const Pipeline& pipeline = state_.pipelines.at(instance.key.pipeline);
  const auto made_from = pipeline.workflows.find(instance.version);
  const Workflow* workflow = made_from == pipeline.workflows.end()
                                 ? pipeline.workflow()
                                 : made_from->second.get();
  return workflow->Find(instance.key.component);
}

ComponentName PipelineLedger::NameOf(const Component& component,
                                     PipelineNumber number) const {
  return {state_.pipelines.at(number).record.id, component.id(),
          component.family()};
}

bool PipelineLedger::MayBecome(std::optional<RunStatus> before,
                               const Instance& next) const {
  const Component* component = ComponentOf(next);
  return component == nullptr ||
         Allows(RunTransitions(component->family()), before, next.status);
}

void PipelineLedger::Apply(Attempt attempt) {
  const InstanceKey key = attempt.key.instance;
  const bool changed_before = !attempts_.insert(key).second;
  const auto [at, is_new] = state_.attempts.try_emplace(key);
  const bool is_same = !is_new && at->second.key == attempt.key;
  if (attempt.status == RunStatus::kFailed &&
      !(is_same && at->second.status == RunStatus::kFailed)) {
    NoteFailure(attempt.key);
  }
  if (!is_new && changed_before && !is_same) {
    ended_attempts_.push_back(std::move(at->second));
  }
  at->second = std::move(attempt);
}

void PipelineLedger::EditAttempt(const InstanceKey& key,
                                 absl::FunctionRef<void(Attempt&)> change) {
  ++recorded_;
  attempts_.insert(key);
  Attempt& attempt = state_.attempts.at(key);
  const RunStatus before = attempt.status;
  change(attempt);
  assert(attempt.key.instance == key);
  if (attempt.status == RunStatus::kFailed && before != RunStatus::kFailed) {
    NoteFailure(attempt.key);
  }
}

void PipelineLedger::NoteFailure(const AttemptKey& key) {
  const auto instance = state_.instances.find(key.instance);
  if (instance == state_.instances.end()) return;
  const Component* component = ComponentOf(instance->second);
  if (component == nullptr) return;
  facts_.push_back(
      RunAttemptFailed{key, NameOf(*component, key.instance.pipeline)});
}

void PipelineLedger::Apply(Notification notification) {
  const NotificationNumber number = notification.number;
  notifications_.insert(number);
  if (number >= state_.counters.next_notification) {
    state_.counters.next_notification = Next(number);
  }
  state_.notifications.insert_or_assign(number, std::move(notification));
}

void PipelineLedger::Apply(const NotificationRemoved& removed) {
  notifications_.erase(removed.notification);
  state_.notifications.erase(removed.notification);
  removed_.push_back(removed.notification);
}

// Components that the activation has not reached yet get the numbers that it
// gave them.
void PipelineLedger::Number(Pipeline& pipeline) {
  ComponentNumbers numbers = NumbersOf(pipeline.components);
  const PipelineRecord& record = pipeline.record;
  const auto active = pipeline.definitions.find(record.active_version);
  if (record.order.next_component != kNoComponent &&
      active != pipeline.definitions.end()) {
    numbers = WithNumbersOf(ResolvedDefinition::Resolve(*active->second),
                            std::move(numbers));
  }
  pipeline.numbers =
      std::make_shared<const ComponentNumbers>(std::move(numbers));
}

void PipelineLedger::Compile(Pipeline& pipeline) {
  const PipelineRecord& record = pipeline.record;
  for (const auto& [version, definition] : pipeline.definitions) {
    // A version that was saved and not activated is not run.
    const bool runs = version <= record.active_version;
    if (!runs || pipeline.workflows.contains(version)) continue;
    pipeline.workflows.emplace(
        version, Workflow::Make(ResolvedDefinition::Resolve(*definition),
                                *pipeline.numbers, record.first_activated_at));
  }
}

}  // namespace holdline
