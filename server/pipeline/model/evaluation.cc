#include "server/pipeline/model/evaluation.h"

#include "absl/algorithm/container.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/pipeline/calendar/field_time.h"
#include "server/pipeline/expression/expression.h"
#include "server/pipeline/model/object_id.h"

namespace holdline {
namespace {

bool HasExpression(absl::string_view text) {
  return absl::StrContains(text, "#{");
}

// Ids, names and types are not evaluated (section 8.1).
bool IsVerbatim(const Field& field) {
  return field.is_reference || field.key == "type" || field.key == "@sphere" ||
         !HasExpression(field.value);
}

ExpressionValue TimeOrText(const std::string& text) {
  const std::optional<absl::Time> time = ParseFieldTime(text);
  if (time.has_value()) return {DateTime{*time}};
  return {text};
}

// The value of a field without expressions, by what the field is for.
ExpressionValue PlainValue(const ResolvedObject* object, const Field& field) {
  if (field.is_reference) return {ObjectReference{field.value}};
  const FieldRule* rule =
      object == nullptr ? nullptr : object->RuleFor(field.key);
  const FieldKind kind = rule == nullptr ? FieldKind::kString : rule->kind;
  int64_t integer = 0;
  double number = 0;
  if (kind == FieldKind::kInteger && absl::SimpleAtoi(field.value, &integer)) {
    return {integer};
  }
  if (kind == FieldKind::kDouble && absl::SimpleAtod(field.value, &number)) {
    return {number};
  }
  if (kind == FieldKind::kDateTime || absl::StartsWith(field.key, "@")) {
    return TimeOrText(field.value);
  }
  return {field.value};
}

// Whether a runner gets the object although it has no instances: databases,
// data formats and utilities (section 4.3).
bool IsForRunners(ObjectFamily family) {
  return family == ObjectFamily::kDatabase ||
         family == ObjectFamily::kDataFormat ||
         family == ObjectFamily::kUtility;
}

// One value stands for itself, several for a list.
ExpressionValue OneOrList(ExpressionList values) {
  if (values.size() == 1) return std::move(values.front());
  return {std::move(values)};
}

// For the fields of one object together, and for a text of 20 MiB.
constexpr EvaluationLimits kObjectLimits{};
constexpr EvaluationLimits kTextLimits{
    .depth_max = 20, .steps_max = 1000 * 1000, .bytes_max = int64_t{64} << 20};

// An instance known by its key only.
Instance Outline(const RunContext& context, const InstanceKey& key) {
  Instance instance;
  instance.key = key;
  instance.created_at = absl::InfinitePast();
  instance.end = key.start;
  instance.version = context.pipeline->active_version;
  const Component* component = context.workflow->Find(key.component);
  if (component == nullptr) return instance;
  const std::optional<Interval> interval =
      Workflow::IntervalFrom(*component, key.start);
  if (interval.has_value()) instance.end = interval->end;
  return instance;
}

}  // namespace

ExpressionPlace ExpressionPlace::OfComponent(const RunContext& context,
                                             const ResolvedObject& object,
                                             std::vector<Field> fields) {
  // Inherited fields can be referred to, though they are not shown.
  return ExpressionPlace(context,
                         {object.id, object.name, &object, std::move(fields)});
}

ExpressionPlace ExpressionPlace::OfInstance(const RunContext& context,
                                            const Instance& instance) {
  ExpressionPlace place(
      context, SeenRun(context, instance, InstanceFields(context, instance)));
  place.StandAt(instance);
  return place;
}

ExpressionPlace ExpressionPlace::OfAttempt(const RunContext& context,
                                           const Instance& instance,
                                           const Attempt& attempt) {
  const std::string id = AttemptId(*context.workflow, attempt.key);
  const Component* component = context.workflow->Find(instance.key.component);
  ExpressionPlace place(context,
                        {id, id, component ? component->object : nullptr,
                         AttemptFields(context, instance, attempt)});
  place.StandAt(instance);
  return place;
}

ExpressionPlace ExpressionPlace::OfAction(const RunContext& context,
                                          const ResolvedObject& action,
                                          const Instance& instance) {
  std::vector<Field> fields = action.effective;
  fields.push_back({"node", InstanceId(*context.workflow, instance.key), true});
  ExpressionPlace place(context,
                        {action.id, action.name, &action, std::move(fields)});
  place.others_.push_back(
      SeenRun(context, instance, InstanceFields(context, instance)));
  place.StandAt(instance);
  return place;
}

ExpressionPlace ExpressionPlace::OfNeighbour(const RunContext& context,
                                             const InstanceKey& key) {
  const Instance outline = Outline(context, key);
  ExpressionPlace place(
      context, SeenRun(context, outline, NeighbourFields(context, outline)));
  place.StandAt(outline);
  return place;
}

ExpressionPlace::Seen ExpressionPlace::SeenRun(const RunContext& context,
                                               const Instance& instance,
                                               std::vector<Field> fields) {
  const std::string id = InstanceId(*context.workflow, instance.key);
  const Component* component = context.workflow->Find(instance.key.component);
  return {id, id, component ? component->object : nullptr, std::move(fields)};
}

void ExpressionPlace::StandAt(const Instance& instance) {
  Instance& standing = standing_.emplace();
  standing.key = instance.key;
  standing.end = instance.end;
}

void ExpressionPlace::LookAround() const {
  if (!standing_.has_value()) return;
  for (const InstanceKey& key : Neighbours(context_, *standing_)) {
    const Instance outline = Outline(context_, key);
    others_.push_back(
        SeenRun(context_, outline, NeighbourFields(context_, outline)));
  }
  standing_.reset();
}

const ExpressionPlace::Seen* ExpressionPlace::See(absl::string_view id) const {
  if (id.empty()) return &self_;
  LookAround();
  const auto found = absl::c_find_if(
      others_, [id](const Seen& seen) { return seen.id == id; });
  return found == others_.end() ? nullptr : &*found;
}

ExpressionScope ExpressionPlace::ScopeOf(const Seen& seen,
                                         EvaluationBudget* budget) const {
  return {[this, &seen, budget](absl::string_view id, absl::string_view name)
              -> absl::StatusOr<std::optional<ExpressionValue>> {
    if (id.empty() || id == seen.id) return Find(seen, name, budget);
    if (const Seen* other = See(id)) return Find(*other, name, budget);
    const ResolvedObject* object = context_.workflow->definition().Find(id);
    if (object == nullptr) return std::nullopt;
    return Find({object->id, object->name, object, object->effective}, name,
                budget);
  }};
}

ExpressionScope ExpressionPlace::ScopeOf(const Seen& seen, const Field& field,
                                         EvaluationBudget* budget) const {
  ExpressionScope scope = ScopeOf(seen, budget);
  scope.is_secret = IsSecret(field);
  return scope;
}

absl::StatusOr<std::optional<ExpressionValue>> ExpressionPlace::Find(
    const Seen& seen, absl::string_view name, EvaluationBudget* budget) const {
  if (name == "id" || name == "@id") return ExpressionValue{seen.id};
  if (name == "name") return ExpressionValue{seen.name};
  ExpressionList values;
  const auto add = [&](const std::vector<Field>& fields) {
    for (const Field& field : fields) {
      if (field.key != name) continue;
      absl::StatusOr<ExpressionValue> value = ValueOf(seen, field, budget);
      if (!value.ok()) return value.status();
      values.push_back(*std::move(value));
    }
    return absl::OkStatus();
  };
  absl::Status status = add(seen.fields);
  if (status.ok() && values.empty() && seen.object != nullptr) {
    status = add(seen.object->effective);
  }
  if (!status.ok()) return status;
  if (values.empty()) {
    const std::vector<std::string>* parameter =
        context_.workflow->definition().Parameter(name);
    if (parameter == nullptr) return std::nullopt;
    for (const std::string& text : *parameter) values.push_back({text});
  }
  return OneOrList(std::move(values));
}

absl::StatusOr<ExpressionValue> ExpressionPlace::ValueOf(
    const Seen& seen, const Field& field, EvaluationBudget* budget) const {
  if (!IsVerbatim(field)) {
    return EvaluateToValue(field.value, ScopeOf(seen, field, budget), budget);
  }
  ExpressionValue value = PlainValue(seen.object, field);
  value.is_secret = IsSecret(field);
  return value;
}

absl::Status ExpressionPlace::EvaluateField(const Field& field,
                                            EvaluationBudget* budget,
                                            std::vector<Field>* into) const {
  if (IsVerbatim(field)) {
    into->push_back(field);
    return absl::OkStatus();
  }
  const absl::StatusOr<std::vector<std::string>> values =
      EvaluateTemplate(field.value, ScopeOf(self_, field, budget), budget);
  if (!values.ok()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "field '", field.key, "': ", std::string(values.status().message())));
  }
  for (const std::string& value : *values) {
    into->push_back({field.key, value, false});
  }
  return absl::OkStatus();
}

absl::StatusOr<PipelineObject> ExpressionPlace::Evaluated() const {
  PipelineObject object{self_.id, self_.name, {}};
  object.fields.reserve(self_.fields.size());
  EvaluationBudget budget(kObjectLimits);
  for (const Field& field : self_.fields) {
    const absl::Status status = EvaluateField(field, &budget, &object.fields);
    if (!status.ok()) return status;
  }
  return object;
}

PipelineObject ExpressionPlace::EvaluatedWherePossible() const {
  PipelineObject object{self_.id, self_.name, {}};
  object.fields.reserve(self_.fields.size());
  EvaluationBudget budget(kObjectLimits);
  for (const Field& field : self_.fields) {
    const absl::Status status = EvaluateField(field, &budget, &object.fields);
    if (!status.ok()) object.fields.push_back(field);
  }
  return object;
}

absl::StatusOr<std::string> ExpressionPlace::Evaluate(
    absl::string_view text) const {
  EvaluationBudget budget(kTextLimits);
  return EvaluateToText(text, ScopeOf(self_, &budget), &budget);
}

bool ExpressionPlace::IsTold(absl::string_view id,
                             absl::string_view name) const {
  const auto has_name = [name](const Field& field) {
    return field.key == name;
  };
  if (id == self_.id) id = "";
  if (const Seen* seen = See(id)) return absl::c_any_of(seen->fields, has_name);
  const ResolvedObject* object = context_.workflow->definition().Find(id);
  return object != nullptr && IsReferredTo(*object) &&
         absl::c_any_of(object->effective, has_name);
}

bool ExpressionPlace::IsReferredTo(const ResolvedObject& sought) const {
  LookAround();
  std::vector<const std::vector<Field>*> told = {&self_.fields};
  for (const Seen& other : others_) told.push_back(&other.fields);
  absl::flat_hash_set<absl::string_view> seen;
  // The list grows while it is walked.
  for (size_t i = 0; i < told.size(); ++i) {
    for (const Field& field : *told[i]) {
      if (!field.is_reference) continue;
      const ResolvedObject* object =
          context_.workflow->definition().Find(field.value);
      if (object == nullptr || !IsForRunners(object->family()) ||
          !seen.insert(object->id).second) {
        continue;
      }
      if (object == &sought) return true;
      told.push_back(&object->effective);
    }
  }
  return false;
}

absl::StatusOr<std::string> ExpressionPlace::EvaluateForRunner(
    absl::string_view text) const {
  EvaluationBudget budget(kTextLimits);
  const ExpressionScope all = ScopeOf(self_, &budget);
  ExpressionScope told;
  told.find = [this, &all](absl::string_view id, absl::string_view name)
      -> absl::StatusOr<std::optional<ExpressionValue>> {
    absl::StatusOr<std::optional<ExpressionValue>> found = all.find(id, name);
    if (!found.ok() || !found->has_value()) return found;
    const bool is_secret = IsSecretName(name) || IsSecret(**found);
    if (is_secret && !IsTold(id, name)) return std::nullopt;
    return found;
  };
  return EvaluateToText(text, told, &budget);
}

absl::StatusOr<std::vector<PipelineObject>> RunnerObjects(
    const RunContext& context, const Instance& instance,
    const Attempt& attempt) {
  absl::StatusOr<PipelineObject> self =
      ExpressionPlace::OfAttempt(context, instance, attempt).Evaluated();
  if (!self.ok()) return self.status();
  std::vector<PipelineObject> objects = {*std::move(self)};
  absl::flat_hash_set<std::string> seen = {objects.front().id};
  for (const InstanceKey& key : Neighbours(context, instance)) {
    PipelineObject object =
        ExpressionPlace::OfNeighbour(context, key).EvaluatedWherePossible();
    if (seen.insert(object.id).second) objects.push_back(std::move(object));
  }
  // The objects without instances that these refer to in turn. The list grows
  // while it is walked.
  for (size_t i = 0; i < objects.size(); ++i) {
    for (size_t f = 0; f < objects[i].fields.size(); ++f) {
      const Field& field = objects[i].fields[f];
      if (!field.is_reference || seen.contains(field.value)) continue;
      const ResolvedObject* object =
          context.workflow->definition().Find(field.value);
      if (object == nullptr || !IsForRunners(object->family())) continue;
      seen.insert(object->id);
      objects.push_back(
          ExpressionPlace::OfComponent(context, *object, object->effective)
              .EvaluatedWherePossible());
    }
  }
  return objects;
}

}  // namespace holdline
