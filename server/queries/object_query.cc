#include "server/queries/object_query.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <iterator>
#include <limits>
#include <optional>
#include <set>
#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/contract/validation.h"
#include "server/pipeline/calendar/field_time.h"
#include "server/pipeline/model/object_id.h"
#include "server/pipeline/model/run_fields.h"

namespace holdline {
namespace {

constexpr std::array<absl::string_view, 3> kSpheres = {"COMPONENT", "INSTANCE",
                                                       "ATTEMPT"};
constexpr std::array<absl::string_view, 3> kTextFields = {"name", "@sphere",
                                                          "@status"};
constexpr std::array<absl::string_view, 3> kReferenceFields = {
    "parent", "@componentParent", "@instanceParent"};
constexpr std::array<absl::string_view, 4> kTimeFields = {
    "@scheduledStartTime", "@scheduledEndTime", "@actualStartTime",
    "@actualEndTime"};

// Fields hold whole seconds: what they do not show.
constexpr absl::Duration kHidden = absl::Microseconds(999999);

template <typename Names>
bool IsOneOf(const Names& names, absl::string_view name) {
  return absl::c_linear_search(names, name);
}

// What the CLI says in place of statuses (section 14.3).
void AddAliases(std::vector<std::string>* statuses) {
  if (IsOneOf(*statuses, "CANCELLED")) statuses->push_back("CANCELED");
  if (IsOneOf(*statuses, "WAITING")) {
    statuses->push_back("WAITING_ON_DEPENDENCIES");
    statuses->push_back("WAITING_FOR_RUNNER");
  }
}

absl::Status CheckField(absl::string_view field,
                        v1::Selector::Operator::Type type,
                        const std::string& path) {
  const bool is_time = IsOneOf(kTimeFields, field);
  const bool is_reference = IsOneOf(kReferenceFields, field);
  if (!is_time && !is_reference && !IsOneOf(kTextFields, field)) {
    return ConstraintError(
        absl::StrCat(path, ".fieldName"),
        "Member must satisfy enum value set: [name, parent, @sphere, @status, "
        "@componentParent, @instanceParent, @scheduledStartTime, "
        "@scheduledEndTime, @actualStartTime, @actualEndTime]");
  }
  const bool fits =
      type == v1::Selector::Operator::EQ ||
      (type == v1::Selector::Operator::REF_EQ ? is_reference : is_time);
  if (fits) return absl::OkStatus();
  return ConstraintError(
      absl::StrCat(path, ".operator.type"),
      type == v1::Selector::Operator::REF_EQ
          ? "Member must not be REF_EQ for a field that holds no reference"
          : "Member must be EQ or REF_EQ for a field that holds no time");
}

absl::Status CheckCount(int count, v1::Selector::Operator::Type type,
                        const std::string& path) {
  int min = 1;
  int max = std::numeric_limits<int>::max();
  if (type == v1::Selector::Operator::LE ||
      type == v1::Selector::Operator::GE) {
    max = 1;
  } else if (type == v1::Selector::Operator::BETWEEN) {
    min = max = 2;
  }
  if (count < min) {
    return ConstraintError(
        path,
        absl::StrCat("Member must have length greater than or equal to ", min));
  }
  if (count > max) {
    return ConstraintError(
        path,
        absl::StrCat("Member must have length less than or equal to ", max));
  }
  return absl::OkStatus();
}

void Restrict(absl::Time from, absl::Time to, TimeRange* range) {
  range->from = std::max(range->from, from);
  range->to = std::min(range->to, to);
}

template <typename Value>
void Restrict(std::set<Value> to, std::optional<std::set<Value>>* values) {
  if (!values->has_value()) {
    *values = std::move(to);
    return;
  }
  std::set<Value> both;
  absl::c_set_intersection(**values, to, std::inserter(both, both.end()));
  *values = std::move(both);
}

void NarrowToNothing(RunFilter* filter) { filter->statuses.emplace(); }

TimeRange* RangeOf(absl::string_view field, RunFilter* filter) {
  if (field == "@scheduledStartTime") return &filter->start;
  if (field == "@scheduledEndTime") return &filter->end;
  if (field == "@actualStartTime") return &filter->created;
  return &filter->ended;
}

}  // namespace

absl::StatusOr<ObjectQuery> ObjectQuery::Read(
    const v1::QueryObjectsInput& input) {
  ObjectQuery query;
  const auto sphere = absl::c_find_if(kSpheres, [&](absl::string_view name) {
    return absl::EqualsIgnoreCase(name, input.sphere());
  });
  if (sphere == kSpheres.end()) {
    return ConstraintError("sphere",
                           "Member must satisfy enum value set: [COMPONENT, "
                           "INSTANCE, ATTEMPT]");
  }
  query.sphere_ = static_cast<Sphere>(sphere - kSpheres.begin());
  for (int i = 0; i < input.query().selectors_size(); ++i) {
    absl::StatusOr<Condition> condition = ReadSelector(
        input.query().selectors(i), absl::StrCat("query.selectors[", i, "]"));
    if (!condition.ok()) return condition.status();
    query.conditions_.push_back(*std::move(condition));
  }
  return query;
}

absl::StatusOr<ObjectQuery::Condition> ObjectQuery::ReadSelector(
    const v1::Selector& selector, const std::string& path) {
  Condition condition;
  condition.field = selector.field_name();
  const Operator& comparison = selector.operator_();
  if (comparison.has_type()) condition.type = comparison.type();
  absl::Status status = CheckField(condition.field, condition.type, path);
  if (!status.ok()) return status;
  const std::string values = absl::StrCat(path, ".operator.values");
  status = CheckCount(comparison.values_size(), condition.type, values);
  if (!status.ok()) return status;

  if (!IsOneOf(kTimeFields, condition.field)) {
    condition.texts = {comparison.values().begin(), comparison.values().end()};
    if (condition.field == "@status") AddAliases(&condition.texts);
    return condition;
  }
  for (int i = 0; i < comparison.values_size(); ++i) {
    const std::optional<absl::Time> time =
        ParseFieldTimeOrDate(comparison.values(i));
    if (!time.has_value()) {
      return ConstraintError(absl::StrCat(values, "[", i, "]"),
                             "Member must be a time such as "
                             "2012-12-12T00:00:00 or a date such as "
                             "2012-12-12");
    }
    condition.times.push_back(*time);
  }
  return condition;
}

bool ObjectQuery::Satisfies(const Condition& condition, const Field& field) {
  if (condition.times.empty()) {
    return (condition.type == Operator::EQ || field.is_reference) &&
           absl::c_linear_search(condition.texts, field.value);
  }
  const std::optional<absl::Time> time = ParseFieldTime(field.value);
  if (!time.has_value()) return false;
  switch (condition.type) {
    case Operator::LE:
      return *time <= condition.times[0];
    case Operator::GE:
      return *time >= condition.times[0];
    case Operator::BETWEEN:
      return *time >= condition.times[0] && *time <= condition.times[1];
    default:
      return absl::c_linear_search(condition.times, *time);
  }
}

bool ObjectQuery::Matches(const PipelineObject& object) const {
  return absl::c_all_of(conditions_, [&](const Condition& condition) {
    if (condition.field == "name") {
      return Satisfies(condition, {"name", object.name});
    }
    return absl::c_any_of(object.fields, [&](const Field& field) {
      return field.key == condition.field && Satisfies(condition, field);
    });
  });
}

RunFilter ObjectQuery::Filter(
    PipelineNumber pipeline,
    absl::Span<const ComponentRecord> components) const {
  RunFilter filter;
  filter.pipeline = pipeline;
  for (const Condition& condition : conditions_) {
    Narrow(condition, components, &filter);
  }
  return filter;
}

void ObjectQuery::Narrow(const Condition& condition,
                         absl::Span<const ComponentRecord> components,
                         RunFilter* filter) const {
  const auto& [field, type, texts, times] = condition;
  if (!times.empty()) {
    const auto [least, greatest] = absl::c_minmax_element(times);
    switch (type) {
      case Operator::LE:
        return Restrict(absl::InfinitePast(), times[0] + kHidden,
                        RangeOf(field, filter));
      case Operator::GE:
        return Restrict(times[0], absl::InfiniteFuture(),
                        RangeOf(field, filter));
      case Operator::BETWEEN:
        return Restrict(times[0], times[1] + kHidden, RangeOf(field, filter));
      default:
        return Restrict(*least, *greatest + kHidden, RangeOf(field, filter));
    }
  }
  if (field == "@status") {
    std::set<RunStatus> statuses;
    for (const std::string& text : texts) {
      const std::optional<RunStatus> status = ParseRunStatus(text);
      if (status.has_value()) statuses.insert(*status);
    }
    return Restrict(std::move(statuses), &filter->statuses);
  }
  if (field == "@componentParent" || field == "parent") {
    std::set<ComponentNumber> numbers;
    for (const ComponentRecord& component : components) {
      if (IsOneOf(texts, component.id)) numbers.insert(component.number);
    }
    return Restrict(std::move(numbers), &filter->components);
  }
  if (field == "@sphere") {
    const absl::string_view sphere = kSpheres[static_cast<size_t>(sphere_)];
    if (!IsOneOf(texts, sphere)) NarrowToNothing(filter);
    return;
  }
  NarrowToInstances(condition, filter);
}

// What a name or the parent of an attempt says: an id, which ends in a time.
void ObjectQuery::NarrowToInstances(const Condition& condition,
                                    RunFilter* filter) const {
  std::set<absl::Time> starts;
  for (const std::string& id : condition.texts) {
    const std::optional<ParsedObjectId> parsed = ParseObjectId(id);
    const bool is_attempt =
        condition.field == "name" && sphere_ == Sphere::kAttempt;
    if (parsed.has_value() && parsed->attempt.has_value() == is_attempt) {
      starts.insert(parsed->start);
    }
  }
  const bool has_field =
      condition.field == "name" || sphere_ == Sphere::kAttempt;
  if (starts.empty() || !has_field) return NarrowToNothing(filter);
  Restrict(*starts.begin(), *starts.rbegin() + kHidden, &filter->start);
}

bool IsEmpty(const RunFilter& filter) {
  const auto is_empty = [](const TimeRange& range) {
    return range.from > range.to;
  };
  return (filter.statuses.has_value() && filter.statuses->empty()) ||
         (filter.components.has_value() && filter.components->empty()) ||
         is_empty(filter.start) || is_empty(filter.end) ||
         is_empty(filter.created) || is_empty(filter.ended);
}

}  // namespace holdline
