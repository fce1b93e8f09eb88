#include "server/pipeline/model/run_fields.h"

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/pipeline/calendar/field_time.h"
#include "server/pipeline/model/object_id.h"

namespace holdline {
namespace {

constexpr std::array<absl::string_view, 11> kRunStatuses = {
    "WAITING_ON_DEPENDENCIES",
    "WAITING_FOR_RUNNER",
    "CREATING",
    "RUNNING",
    "SHUTTING_DOWN",
    "FINISHED",
    "FAILED",
    "CASCADE_FAILED",
    "CANCELED",
    "TIMEDOUT",
    "SKIPPED"};
constexpr std::array<absl::string_view, 5> kComponentStatuses = {
    "PENDING", "SCHEDULED", "PAUSED", "INACTIVE", "FINISHED"};
constexpr std::array<absl::string_view, 6> kPipelineStates = {
    "PENDING", "SCHEDULED", "DEACTIVATING", "INACTIVE", "FINISHED", "DELETED"};
constexpr std::array<absl::string_view, 3> kHealths = {"", "HEALTHY", "ERROR"};

// Collects fields, without unknown values.
class FieldList {
 public:
  FieldList() { fields_.reserve(32); }

  void Text(absl::string_view key, absl::string_view value) {
    if (!value.empty()) {
      fields_.push_back({std::string(key), std::string(value), false});
    }
  }
  void Number(absl::string_view key, int value) {
    fields_.push_back({std::string(key), absl::StrCat(value), false});
  }
  void Time(absl::string_view key, absl::Time time) {
    if (time != absl::InfiniteFuture() && time != absl::InfinitePast()) {
      Text(key, FieldTime(time));
    }
  }
  void Reference(absl::string_view key, absl::string_view id) {
    if (!id.empty()) {
      fields_.push_back({std::string(key), std::string(id), true});
    }
  }
  void Add(const Field& field) { fields_.push_back(field); }
  void Failed(const Failure& failure) {
    Text("errorId", failure.id);
    Text("errorMessage", failure.message);
    Text("errorStackTrace", failure.stack_trace);
  }

  std::vector<Field> Take() { return std::move(fields_); }

 private:
  std::vector<Field> fields_;
};

// Whether the field refers to an instance in place of a component.
bool RefersToRuns(absl::string_view key) {
  return key == "input" || key == "output" || key == "runsOn";
}

// The instance of the named component that belongs to the interval: the first
// that overlaps it.
std::optional<InstanceKey> RunOf(const RunContext& context,
                                 absl::string_view component_id,
                                 const InstanceKey& of, absl::Time end) {
  const Component* component = context.workflow->Find(component_id);
  if (component == nullptr) return std::nullopt;
  const std::optional<absl::Time> start =
      context.workflow->FirstOverlapping(*component, {of.start, end});
  if (!start.has_value()) return std::nullopt;
  return InstanceKey{of.pipeline, *start, component->number};
}

// The effective fields of the component, with references to instances.
void AddEffective(const RunContext& context, const Component& component,
                  const Instance& instance, FieldList& list) {
  for (size_t i = 0; i < component.applies.size(); ++i) {
    const Field& field = component.object->effective[i];
    if (field.key == "parent" || field.key == "type") continue;
    if (!field.is_reference || !RefersToRuns(field.key)) {
      if (component.applies[i]) list.Add(field);
      continue;
    }
    const std::optional<InstanceKey> run =
        RunOf(context, field.value, instance.key, instance.end);
    list.Reference(field.key, run.has_value()
                                  ? InstanceId(*context.workflow, *run)
                                  : field.value);
  }
}

// What instances and attempts have in common.
void AddRun(const RunContext& context, const Component& component,
            const Instance& instance, FieldList& list) {
  list.Reference("@componentParent", component.id());
  list.Time("@scheduledStartTime", instance.key.start);
  list.Reference("parent", component.id());
  list.Time("@scheduledEndTime", instance.end);
  list.Text("@pipelineId", context.pipeline->id);
  list.Number("@version", instance.version);
  list.Text("type", component.object->type_name);
  if (instance.key.owner != kNoComponent) {
    InstanceKey owner = instance.key;
    owner.component = instance.key.owner;
    owner.owner = kNoComponent;
    list.Reference("node", InstanceId(*context.workflow, owner));
  }
}

void AddKeys(const RunContext& context, absl::string_view key,
             absl::Span<const InstanceKey> keys, FieldList& list) {
  for (const InstanceKey& instance : keys) {
    list.Reference(key, InstanceId(*context.workflow, instance));
  }
}

// The users of a data node or resource (section 10, `input` and `output`).
void AddUsers(const RunContext& context, const Component& component,
              const Instance& instance, FieldList& list) {
  const auto add = [&](absl::string_view key, ComponentNumber user) {
    const Component* other = context.workflow->Find(user);
    if (other == nullptr || other->family() != ObjectFamily::kActivity) return;
    for (const absl::Time start : context.workflow->Overlapping(
             *other, {instance.key.start, instance.end})) {
      list.Reference(key, InstanceId(*context.workflow,
                                     {instance.key.pipeline, start, user}));
    }
  };
  if (component.family() == ObjectFamily::kDataNode) {
    for (ComponentNumber user : component.waited_for_by) add("output", user);
    for (ComponentNumber user : component.waits_for) add("input", user);
  } else if (component.family() == ObjectFamily::kResource) {
    for (ComponentNumber user : component.users) add("input", user);
  }
}

// The worker group of what runs on a resource.
void AddRoute(const RunContext& context, const Component& component,
              const Instance& instance, FieldList& list) {
  if (component.family() != ObjectFamily::kResource) return;
  list.Text("workerGroup", ResourceWorkerGroup(context, instance.key));
}

// The status and times of an instance.
void AddProgress(const RunContext& context, const Component& component,
                 const Instance& instance, FieldList& list) {
  list.Text("@status", ToString(instance.status));
  list.Time("@actualStartTime", instance.created_at);
  list.Time("@actualEndTime", instance.ended_at);
  if (instance.status == RunStatus::kFinished) {
    list.Time("@finishedTime", instance.ended_at);
  }
  if (component.family() != ObjectFamily::kDataNode) {
    list.Number("@attemptCount", instance.attempts);
    list.Number("@triesLeft", instance.retries_left);
  }
  if (instance.attempts > 0) {
    list.Reference(
        "@headAttempt",
        AttemptId(*context.workflow, {instance.key, instance.attempts}));
  }
  AddKeys(context, "@waitingOn", instance.waiting_on, list);
  AddKeys(context, "@cascadeFailedOn", instance.cascade_failed_on, list);
  list.Failed(instance.failure);
  list.Text("cancellationReason", instance.cancellation_reason);
  if (instance.rechecks > 0) {
    list.Number("currentRetryCount", instance.rechecks);
    list.Time("lastRetryTime", instance.rechecked_at);
  }
  AddRoute(context, component, instance, list);
  if (component.family() == ObjectFamily::kResource &&
      instance.status == RunStatus::kFailed) {
    list.Text("@failureReason", instance.failure.message);
  }
}

template <typename Names, typename Value>
absl::string_view NameIn(const Names& names, Value value) {
  return names[static_cast<size_t>(value)];
}

}  // namespace

absl::string_view ToString(RunStatus status) {
  return NameIn(kRunStatuses, status);
}
absl::string_view ToString(ComponentStatus status) {
  return NameIn(kComponentStatuses, status);
}
absl::string_view ToString(PipelineState state) {
  return NameIn(kPipelineStates, state);
}
absl::string_view ToString(Health health) { return NameIn(kHealths, health); }

std::optional<RunStatus> ParseRunStatus(absl::string_view text) {
  for (size_t i = 0; i < kRunStatuses.size(); ++i) {
    if (kRunStatuses[i] == text) return static_cast<RunStatus>(i);
  }
  return std::nullopt;
}

std::vector<Field> ComponentFields(const RunContext& context, int version,
                                   const ResolvedObject& object,
                                   const ComponentRecord* record,
                                   absl::Span<const InstanceKey> active) {
  FieldList list;
  bool has_parent = false;
  for (const Field& field : object.own) {
    has_parent |= field.key == "parent";
    list.Add(field);
  }
  if (!has_parent && !object.parents.empty()) {
    list.Reference("parent", object.parents.front());
  }
  list.Text("@sphere", "COMPONENT");
  list.Text("@pipelineId", context.pipeline->id);
  list.Number("@version", version);
  if (object.type != nullptr &&
      object.type->family == ObjectFamily::kSchedule) {
    list.Time("@firstActivationTime", context.pipeline->first_activated_at);
  }
  const bool activated = context.pipeline->active_version > 0;
  if (record == nullptr) {
    list.Text("@status", activated ? "SCHEDULED" : "PENDING");
    return list.Take();
  }
  list.Text("@status", ToString(record->status));
  list.Time("@latestRunTime", record->latest_run);
  list.Time("@latestCompletedRunTime", record->latest_completed_run);
  const Component* component = context.workflow->Find(record->number);
  if (component != nullptr && component->schedule.has_value() &&
      record->status == ComponentStatus::kScheduled) {
    const std::optional<Interval> next =
        IntervalAt(*component->schedule, record->next_interval);
    if (next.has_value()) list.Time("@nextRunTime", next->start);
  }
  list.Time("@lastDeactivatedTime", record->deactivated_at);
  list.Text("@healthStatus", ToString(record->health));
  if (record->health != Health::kUnknown) {
    list.Text("@healthStatusFromInstanceId",
              InstanceId(*context.workflow, record->health_from));
    list.Time("@healthStatusUpdatedTime", record->health_at);
  }
  AddKeys(context, "@activeInstances", active, list);
  return list.Take();
}

std::vector<Field> InstanceFields(const RunContext& context,
                                  const Instance& instance) {
  FieldList list;
  const Component* component = context.workflow->Find(instance.key.component);
  if (component == nullptr) return {};
  AddRun(context, *component, instance, list);
  list.Text("@sphere", "INSTANCE");
  AddProgress(context, *component, instance, list);
  AddEffective(context, *component, instance, list);
  AddUsers(context, *component, instance, list);
  return list.Take();
}

std::vector<Field> NeighbourFields(const RunContext& context,
                                   const Instance& outline) {
  FieldList list;
  const Component* component = context.workflow->Find(outline.key.component);
  if (component == nullptr) return {};
  AddRun(context, *component, outline, list);
  list.Text("@sphere", "INSTANCE");
  AddRoute(context, *component, outline, list);
  AddEffective(context, *component, outline, list);
  return list.Take();
}

std::vector<Field> AttemptFields(const RunContext& context,
                                 const Instance& instance,
                                 const Attempt& attempt) {
  FieldList list;
  const Component* component = context.workflow->Find(instance.key.component);
  if (component == nullptr) return {};
  AddRun(context, *component, instance, list);
  const std::string id = InstanceId(*context.workflow, instance.key);
  list.Text("@sphere", "ATTEMPT");
  list.Reference("@instanceParent", id);
  list.Reference("@activeInstances", id);
  list.Text("@status", ToString(attempt.status));
  list.Time("@actualStartTime", attempt.ready_at);
  list.Time("@actualEndTime", attempt.ended_at);
  if (attempt.status == RunStatus::kFinished) {
    list.Time("@finishedTime", attempt.ended_at);
  }
  list.Text("hostname", attempt.hostname);
  list.Text("instanceArn", attempt.instance_arn);
  list.Time("reportProgressTime", attempt.reported_at);
  list.Failed(attempt.failure);
  list.Text("cancellationReason", attempt.cancellation_reason);
  AddRoute(context, *component, instance, list);
  AddEffective(context, *component, instance, list);
  return list.Take();
}

std::vector<InstanceKey> Neighbours(const RunContext& context,
                                    const Instance& instance) {
  std::vector<InstanceKey> keys;
  const Component* component = context.workflow->Find(instance.key.component);
  if (component == nullptr) return keys;
  if (instance.key.owner != kNoComponent) {
    keys.push_back(
        {instance.key.pipeline, instance.key.start, instance.key.owner});
  }
  for (const Field& field : component->object->effective) {
    if (!field.is_reference || !RefersToRuns(field.key)) continue;
    const std::optional<InstanceKey> run =
        RunOf(context, field.value, instance.key, instance.end);
    if (run.has_value()) keys.push_back(*run);
  }
  return keys;
}

std::string ResourceWorkerGroup(const RunContext& context,
                                const InstanceKey& resource) {
  return absl::StrCat(context.pipeline->id, "_",
                      InstanceId(*context.workflow, resource));
}

}  // namespace holdline
