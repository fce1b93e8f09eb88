#include "server/pipeline/model/workflow.h"

#include <algorithm>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_set.h"
#include "absl/memory/memory.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/pipeline/calendar/period.h"
#include "server/pipeline/definition/component_schedule.h"

namespace holdline {
namespace {

constexpr int kPeriodicActiveMax = 5;

// The number in a field, or `otherwise`.
int Integer(const ResolvedObject& object, absl::string_view key,
            int otherwise) {
  int value = 0;
  return absl::SimpleAtoi(object.Text(key), &value) ? value : otherwise;
}

// The duration in a field, or `otherwise`. A bare number is hours (section 9,
// terminateAfter).
absl::Duration Length(const ResolvedObject& object, absl::string_view key,
                      absl::Duration otherwise) {
  const absl::string_view text = object.Text(key);
  int hours = 0;
  if (absl::SimpleAtoi(text, &hours)) return absl::Hours(hours);
  const std::optional<Period> period = ParsePeriod(text);
  return period.has_value() ? DurationOf(*period) : otherwise;
}

RunSettings SettingsOf(const ResolvedObject& object, int active_max) {
  RunSettings run;
  run.retries = std::max(0, Integer(object, "maximumRetries", run.retries));
  run.retry_delay = Length(object, "retryDelay", run.retry_delay);
  run.attempt_timeout = Length(object, "attemptTimeout", run.attempt_timeout);
  run.progress_timeout =
      Length(object, "reportProgressTimeout", run.progress_timeout);
  run.late_after = Length(object, "lateAfterTimeout", run.late_after);
  if (object.family() == ObjectFamily::kPrecondition) {
    run.precondition_timeout =
        Length(object, "preconditionTimeout", run.precondition_timeout);
  }
  if (object.family() == ObjectFamily::kResource) {
    run.start_up_timeout = Length(object, "initTimeout", run.start_up_timeout);
    run.terminate_after = Length(object, "terminateAfter", run.terminate_after);
    run.ends_with_task =
        absl::EqualsIgnoreCase(object.Text("actionOnTaskFailure"), "terminate");
  }
  run.active_max =
      std::max(1, Integer(object, "maxActiveInstances", active_max));
  run.cascade =
      absl::EqualsIgnoreCase(object.Text("failureAndRerunMode"), "cascade");
  return run;
}

// Leaves each number once, where it stood first.
void KeepFirst(std::vector<ComponentNumber>& numbers) {
  absl::flat_hash_set<ComponentNumber> seen;
  std::erase_if(numbers, [&](ComponentNumber number) {
    return !seen.insert(number).second;
  });
}

}  // namespace

absl::Time DueAt(const Component& component, const Interval& interval) {
  return component.family() == ObjectFamily::kResource
             ? interval.start
             : DueTime(component.schedule->type, interval);
}

ComponentNumbers NumbersOf(absl::Span<const ComponentRecord> components) {
  ComponentNumbers numbers;
  for (const ComponentRecord& component : components) {
    numbers.emplace(component.id, component.number);
  }
  return numbers;
}

ComponentNumbers WithNumbersOf(const ResolvedDefinition& definition,
                               ComponentNumbers known) {
  for (const ResolvedObject& object : definition.objects()) {
    if (!IsRunnable(object.family())) continue;
    const uint32_t next = static_cast<uint32_t>(known.size()) + 1;
    known.try_emplace(object.id, ComponentNumber{next});
  }
  return known;
}

std::shared_ptr<const Workflow> Workflow::Make(ResolvedDefinition definition,
                                               const ComponentNumbers& numbers,
                                               absl::Time first_activation) {
  auto workflow = absl::WrapUnique(new Workflow(std::move(definition)));
  workflow->on_demand_ = absl::c_any_of(
      workflow->definition_.objects(), [&](const ResolvedObject& object) {
        return IsOnDemand(workflow->definition_, object);
      });
  workflow->AddComponents(numbers, first_activation);
  workflow->Link();
  return workflow;
}

void Workflow::AddComponents(const ComponentNumbers& numbers,
                             absl::Time first_activation) {
  const ResolvedObject* defaults = definition_.Find(kDefaultObject);
  if (defaults != nullptr) {
    runs_max_ = std::max(1, Integer(*defaults, "maxActiveInstances", 1));
  }
  for (const ResolvedObject& object : definition_.objects()) {
    const auto number = numbers.find(object.id);
    if (number == numbers.end() || !IsRunnable(object.family())) continue;
    Component component;
    component.number = number->second;
    component.object = &object;
    component.run =
        SettingsOf(object, on_demand_ ? runs_max_ : kPeriodicActiveMax);
    if (object.family() != ObjectFamily::kPrecondition) {
      component.schedule = BoundSchedule(object, first_activation);
    }
    for (auto [key, actions] :
         {std::pair("onSuccess", &component.on_success),
          std::pair("onFail", &component.on_fail),
          std::pair("onLateAction", &component.on_late)}) {
      *actions = object.References(key);
    }
    for (const Field& field : object.effective) {
      component.applies.push_back(object.Applies(field.key));
    }
    by_id_.emplace(object.id, components_.size());
    by_number_.emplace(component.number, components_.size());
    components_.push_back(std::move(component));
  }
}

std::optional<Schedule> Workflow::BoundSchedule(
    const ResolvedObject& object, absl::Time first_activation) const {
  if (on_demand_) return std::nullopt;
  std::optional<Schedule> schedule = ScheduleOf(definition_, object);
  if (schedule.has_value() && schedule->starts_at_first_activation) {
    schedule->start =
        absl::FromUnixSeconds(absl::ToUnixSeconds(first_activation));
  }
  return schedule;
}

Component* Workflow::Mutable(absl::string_view id) {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &components_[found->second];
}

void Workflow::Link() {
  for (Component& component : components_) LinkDependencies(component);
  for (Component& component : components_) {
    KeepFirst(component.waits_for);
    KeepFirst(component.preconditions);
    KeepFirst(component.guards);
    for (const ComponentNumber dependency : component.waits_for) {
      components_[by_number_.at(dependency)].waited_for_by.push_back(
          component.number);
    }
  }
  for (Component& component : components_) Route(component);
}

void Workflow::LinkDependencies(Component& component) {
  const ResolvedObject& object = *component.object;
  for (const char* key : {"dependsOn", "input"}) {
    for (const std::string& id : object.References(key)) {
      const Component* dependency = Find(id);
      if (dependency != nullptr) {
        component.waits_for.push_back(dependency->number);
      }
    }
  }
  if (component.family() == ObjectFamily::kActivity) {
    for (const std::string& id : object.References("output")) {
      Component* node = Mutable(id);
      if (node != nullptr) node->waits_for.push_back(component.number);
    }
  }
  for (const std::string& id : object.References("precondition")) {
    Component* precondition = Mutable(id);
    if (precondition == nullptr) continue;
    component.preconditions.push_back(precondition->number);
    precondition->guards.push_back(component.number);
  }
  const std::vector<std::string> resources = object.References("runsOn");
  Component* resource =
      resources.empty() ? nullptr : Mutable(resources.front());
  if (resource == nullptr) return;
  component.resource = resource->number;
  if (component.family() == ObjectFamily::kActivity) {
    resource->users.push_back(component.number);
  }
}

void Workflow::Route(Component& component) {
  if (component.family() == ObjectFamily::kResource) {
    component.worker_group = std::string(kResourceGroup);
    return;
  }
  component.worker_group = std::string(component.object->Text("workerGroup"));
  if (component.family() != ObjectFamily::kDataNode ||
      component.resource != kNoComponent || !component.worker_group.empty()) {
    return;
  }
  // A data node without a route takes that of an activity that uses it.
  for (const auto* neighbours :
       {&component.waited_for_by, &component.waits_for}) {
    for (const ComponentNumber number : *neighbours) {
      const Component& neighbour = *Find(number);
      if (neighbour.family() != ObjectFamily::kActivity) continue;
      component.resource = neighbour.resource;
      component.worker_group =
          std::string(neighbour.object->Text("workerGroup"));
      return;
    }
  }
}

const Component* Workflow::Find(ComponentNumber number) const {
  const auto found = by_number_.find(number);
  return found == by_number_.end() ? nullptr : &components_[found->second];
}

const Component* Workflow::Find(absl::string_view id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &components_[found->second];
}

std::optional<Interval> Workflow::IntervalFrom(const Component& component,
                                               absl::Time start) {
  if (!component.schedule.has_value()) return Interval{start, start};
  const int64_t number = FirstIntervalFrom(*component.schedule, start);
  const std::optional<Interval> interval =
      IntervalAt(*component.schedule, number);
  if (!interval.has_value() || interval->start != start) return std::nullopt;
  return interval;
}

std::vector<absl::Time> Workflow::Overlapping(const Component& dependency,
                                              const Interval& interval) const {
  if (!dependency.schedule.has_value()) return {interval.start};
  const IntervalNumbers numbers =
      holdline::Overlapping(*dependency.schedule, interval);
  std::vector<absl::Time> starts;
  for (int64_t number = numbers.first; number < numbers.last; ++number) {
    starts.push_back(IntervalAt(*dependency.schedule, number)->start);
  }
  return starts;
}

std::optional<absl::Time> Workflow::FirstOverlapping(
    const Component& dependency, const Interval& interval) const {
  if (!dependency.schedule.has_value()) return interval.start;
  const IntervalNumbers numbers =
      holdline::Overlapping(*dependency.schedule, interval);
  if (numbers.first >= numbers.last) return std::nullopt;
  return IntervalAt(*dependency.schedule, numbers.first)->start;
}

}  // namespace holdline
