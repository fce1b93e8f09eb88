#include "server/queries/object_reader.h"

#include <iterator>
#include <set>
#include <utility>

#include "absl/algorithm/container.h"
#include "holdline/v1/data_pipeline.pb.h"
#include "server/pipeline/model/object_id.h"
#include "server/pipeline/model/route.h"
#include "server/pipeline/model/run_fields.h"
#include "server/queries/task_object.h"

namespace holdline {
namespace {

// The most live instances that a component is shown with.
constexpr int kActiveShownMax = 100;

// What a launcher may report of a machine, and where its resource shows it.
constexpr std::pair<absl::string_view, absl::string_view> kMachineFields[] = {
    {"resourceId", "@resourceId"},
    {"resourceRegion", "@resourceRegion"},
    {"resourceStatus", "@resourceStatus"}};

// What the runner has reported, which task messages store as an object.
std::vector<Field> Reported(const Attempt& attempt) {
  std::vector<Field> fields;
  v1::PipelineObject reported;
  if (!reported.ParseFromString(attempt.progress)) return fields;
  for (const v1::Field& field : reported.fields()) {
    fields.push_back(
        {field.key(),
         field.has_ref_value() ? field.ref_value() : field.string_value(),
         field.has_ref_value()});
  }
  return fields;
}

void AddProgress(const Attempt& attempt, std::vector<Field>* fields) {
  absl::c_move(Reported(attempt), std::back_inserter(*fields));
}

}  // namespace

absl::StatusOr<std::optional<PipelineObject>> ObjectReader::Describe(
    const std::string& id, bool evaluated) {
  const absl::StatusOr<Found> found = Find(id);
  if (!found.ok()) return found.status();
  if (std::holds_alternative<std::monostate>(*found)) return std::nullopt;
  if (const auto* component = std::get_if<FoundComponent>(&*found)) {
    return Describe(*component, evaluated);
  }
  absl::StatusOr<PipelineObject> object = DescribeRun(*found, evaluated);
  const auto* instance = std::get_if<Instance>(&*found);
  if (!object.ok() || instance == nullptr) return object;
  const absl::Status status = AddLauncherFields(*instance, &object->fields);
  if (!status.ok()) return status;
  return object;
}

absl::StatusOr<PipelineObject> ObjectReader::DescribeRun(const Found& found,
                                                         bool evaluated) {
  const auto* attempt = std::get_if<FoundAttempt>(&found);
  if (!evaluated) {
    return attempt == nullptr ? Describe(std::get<Instance>(found))
                              : Describe(attempt->instance, attempt->attempt);
  }
  const absl::StatusOr<ExpressionPlace> place = PlaceOf(found);
  if (!place.ok()) return place.status();
  PipelineObject object = place->EvaluatedWherePossible();
  if (attempt != nullptr) AddProgress(attempt->attempt, &object.fields);
  return object;
}

absl::Status ObjectReader::AddLauncherFields(const Instance& instance,
                                             std::vector<Field>* fields) {
  const absl::StatusOr<RunContext> context = pipeline_->ContextOf(instance);
  if (!context.ok()) return context.status();
  const Component* component = context->workflow->Find(instance.key.component);
  if (component == nullptr || component->family() != ObjectFamily::kResource) {
    return absl::OkStatus();
  }
  const absl::StatusOr<std::vector<Attempt>> attempts =
      pipeline_->archive().AttemptsOf(instance.key);
  if (!attempts.ok()) return attempts.status();
  if (attempts->empty()) return absl::OkStatus();
  for (const Field& field : Reported(attempts->back())) {
    for (const auto& [reported, shown] : kMachineFields) {
      if (field.key != reported || field.is_reference) continue;
      fields->push_back({std::string(shown), field.value, false});
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<std::string>> ObjectReader::Evaluate(
    const std::string& id, absl::string_view text) {
  const absl::StatusOr<Found> found = Find(id);
  if (!found.ok()) return found.status();
  if (std::holds_alternative<std::monostate>(*found)) return std::nullopt;
  const absl::StatusOr<ExpressionPlace> place = PlaceOf(*found);
  if (!place.ok()) return place.status();
  return place->Evaluate(text);
}

absl::StatusOr<std::optional<std::string>> ObjectReader::EvaluateForRunner(
    const std::string& id, absl::string_view text, const Reach& groups) {
  const absl::StatusOr<Found> found = Find(id);
  if (!found.ok()) return found.status();
  if (std::holds_alternative<std::monostate>(*found)) return std::nullopt;
  const absl::StatusOr<std::string> group = GroupOf(*found);
  if (!group.ok()) return group.status();
  if (group->empty() || !Reaches(groups, *group)) return std::nullopt;
  const absl::StatusOr<ExpressionPlace> place = PlaceOf(*found);
  if (!place.ok()) return place.status();
  return place->EvaluateForRunner(text);
}

absl::StatusOr<PipelineObject> ObjectReader::Describe(
    const Instance& instance) {
  const absl::StatusOr<RunContext> context = pipeline_->ContextOf(instance);
  if (!context.ok()) return context.status();
  const std::string id = InstanceId(*context->workflow, instance.key);
  return PipelineObject{id, id, InstanceFields(*context, instance)};
}

absl::StatusOr<PipelineObject> ObjectReader::Describe(const Instance& instance,
                                                      const Attempt& attempt) {
  const absl::StatusOr<RunContext> context = pipeline_->ContextOf(instance);
  if (!context.ok()) return context.status();
  const std::string id = AttemptId(*context->workflow, attempt.key);
  PipelineObject object{id, id, AttemptFields(*context, instance, attempt)};
  if (attempt.task != TaskId{}) {
    object.fields.push_back({"@taskName", TaskName(attempt.task)});
  }
  AddProgress(attempt, &object.fields);
  return object;
}

absl::StatusOr<PipelineObject> ObjectReader::DescribeComponent(
    const PipelineReader::Version& version, size_t index,
    absl::Span<const InstanceKey> active) {
  const PipelineObject& uploaded = version.definition->objects[index];
  ResolvedObject object = version.workflow->definition().objects()[index];
  object.own = uploaded.fields;
  absl::StatusOr<std::vector<Field>> fields = FieldsOf(version, object, active);
  if (!fields.ok()) return fields.status();
  return PipelineObject{uploaded.id, uploaded.name, *std::move(fields)};
}

absl::StatusOr<ObjectReader::Found> ObjectReader::Find(const std::string& id) {
  const absl::StatusOr<const PipelineReader::Version*> version =
      pipeline_->VersionOf(pipeline_->record().saved_version);
  if (!version.ok()) return version.status();
  if (*version != nullptr) {
    const std::vector<PipelineObject>& objects =
        (*version)->definition->objects;
    const auto object = absl::c_find_if(
        objects, [&](const PipelineObject& object) { return object.id == id; });
    if (object != objects.end()) {
      return FoundComponent{*version,
                            static_cast<size_t>(object - objects.begin())};
    }
  }
  const std::optional<ParsedObjectId> parsed = ParseObjectId(id);
  if (!parsed.has_value()) return std::monostate();
  const absl::StatusOr<std::optional<Instance>> instance =
      FindInstance(parsed->start, parsed->instance);
  if (!instance.ok()) return instance.status();
  if (!instance->has_value()) return std::monostate();
  if (!parsed->attempt.has_value()) return **instance;
  const absl::StatusOr<std::vector<Attempt>> attempts =
      pipeline_->archive().AttemptsOf((*instance)->key);
  if (!attempts.ok()) return attempts.status();
  for (const Attempt& attempt : *attempts) {
    if (attempt.key.number == *parsed->attempt) {
      return FoundAttempt{**instance, attempt};
    }
  }
  return std::monostate();
}

absl::StatusOr<std::optional<Instance>> ObjectReader::FindInstance(
    absl::Time start, const std::string& id) {
  const auto [at, is_new] = instances_.try_emplace(start);
  if (is_new) {
    const absl::StatusOr<std::vector<Instance>> instances =
        pipeline_->archive().InstancesAt(pipeline_->number(), start);
    if (!instances.ok()) return instances.status();
    for (const Instance& instance : *instances) {
      const absl::StatusOr<RunContext> context = pipeline_->ContextOf(instance);
      if (!context.ok()) return context.status();
      at->second.emplace(InstanceId(*context->workflow, instance.key),
                         instance);
    }
  }
  const auto found = at->second.find(id);
  if (found == at->second.end()) return std::nullopt;
  return found->second;
}

absl::StatusOr<std::vector<InstanceKey>> ObjectReader::ActiveOf(
    absl::string_view component) {
  const absl::StatusOr<const ComponentRecord*> record = RecordOf(component);
  if (!record.ok()) return record.status();
  if (*record == nullptr) return std::vector<InstanceKey>();
  RunFilter filter;
  filter.pipeline = pipeline_->number();
  filter.components = {(*record)->number};
  filter.statuses = {RunStatus::kWaitingOnDependencies,
                     RunStatus::kWaitingForRunner, RunStatus::kCreating,
                     RunStatus::kRunning, RunStatus::kShuttingDown};
  const absl::StatusOr<InstancePage> page =
      pipeline_->archive().ListInstances(filter, std::nullopt, kActiveShownMax);
  if (!page.ok()) return page.status();
  std::vector<InstanceKey> keys;
  for (const Instance& instance : page->instances) keys.push_back(instance.key);
  return keys;
}

absl::StatusOr<const ComponentRecord*> ObjectReader::RecordOf(
    absl::string_view id) {
  const absl::StatusOr<absl::Span<const ComponentRecord>> components =
      pipeline_->Components();
  if (!components.ok()) return components.status();
  const auto record = absl::c_find_if(
      *components,
      [&](const ComponentRecord& component) { return component.id == id; });
  return record == components->end() ? nullptr : &*record;
}

absl::StatusOr<std::vector<Field>> ObjectReader::FieldsOf(
    const PipelineReader::Version& version, const ResolvedObject& object,
    absl::Span<const InstanceKey> active) {
  const absl::StatusOr<const ComponentRecord*> record = RecordOf(object.id);
  if (!record.ok()) return record.status();
  return ComponentFields({&pipeline_->record(), version.workflow.get()},
                         version.number, object, *record, active);
}

absl::StatusOr<PipelineObject> ObjectReader::Describe(
    const FoundComponent& component, bool evaluated) {
  const PipelineReader::Version& version = *component.version;
  const ResolvedObject& object =
      version.workflow->definition().objects()[component.index];
  const absl::StatusOr<std::vector<InstanceKey>> active = ActiveOf(object.id);
  if (!active.ok()) return active.status();
  if (!evaluated) return DescribeComponent(version, component.index, *active);
  absl::StatusOr<std::vector<Field>> fields =
      FieldsOf(version, object, *active);
  if (!fields.ok()) return fields.status();
  return ExpressionPlace::OfComponent(
             {&pipeline_->record(), version.workflow.get()}, object,
             *std::move(fields))
      .EvaluatedWherePossible();
}

absl::StatusOr<std::string> ObjectReader::GroupOf(const Found& found) {
  if (const auto* component = std::get_if<FoundComponent>(&found)) {
    const Workflow& workflow = *component->version->workflow;
    const Component* run =
        workflow.Find(workflow.definition().objects()[component->index].id);
    // Which machine it is on, and what a precondition guards, only its
    // instances tell.
    const bool is_known = run != nullptr && run->resource == kNoComponent &&
                          run->family() != ObjectFamily::kPrecondition;
    return is_known ? run->worker_group : std::string();
  }
  const auto* attempt = std::get_if<FoundAttempt>(&found);
  const Instance& instance =
      attempt == nullptr ? std::get<Instance>(found) : attempt->instance;
  const absl::StatusOr<RunContext> context = pipeline_->ContextOf(instance);
  if (!context.ok()) return context.status();
  return WorkerGroupOf(*context, instance);
}

absl::StatusOr<ExpressionPlace> ObjectReader::PlaceOf(const Found& found) {
  if (const auto* component = std::get_if<FoundComponent>(&found)) {
    const PipelineReader::Version& version = *component->version;
    const ResolvedObject& object =
        version.workflow->definition().objects()[component->index];
    absl::StatusOr<std::vector<Field>> fields = FieldsOf(version, object, {});
    if (!fields.ok()) return fields.status();
    return ExpressionPlace::OfComponent(
        {&pipeline_->record(), version.workflow.get()}, object,
        *std::move(fields));
  }
  const auto* attempt = std::get_if<FoundAttempt>(&found);
  const Instance& instance =
      attempt == nullptr ? std::get<Instance>(found) : attempt->instance;
  const absl::StatusOr<RunContext> context = pipeline_->ContextOf(instance);
  if (!context.ok()) return context.status();
  return attempt == nullptr
             ? ExpressionPlace::OfInstance(*context, instance)
             : ExpressionPlace::OfAttempt(*context, instance, attempt->attempt);
}

}  // namespace holdline
