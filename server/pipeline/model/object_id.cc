#include "server/pipeline/model/object_id.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/pipeline/calendar/field_time.h"

namespace holdline {
namespace {

constexpr absl::string_view kAttempt = "_Attempt=";
constexpr size_t kTimeLength = 19;  // 2012-12-12T00:00:00

// The text between the `@` and the time in the id of an instance.
absl::string_view NamesIn(absl::string_view id) {
  return id.substr(1, id.size() - kTimeLength - 2);
}

// The instances of a precondition; `names` may name the guarded object.
std::vector<ComponentNumber> OwnersCalled(const Workflow& workflow,
                                          const Component& precondition,
                                          absl::string_view names) {
  if (precondition.guards.size() == 1) return precondition.guards;
  const Component* owner = workflow.Find(names);
  if (owner == nullptr) return {};
  return {owner->number};
}

// The id of a component, also of one that the active definition lacks.
std::string NameOf(const Workflow& workflow, ComponentNumber number) {
  const Component* component = workflow.Find(number);
  return component == nullptr ? std::string() : component->id();
}

}  // namespace

std::string InstanceId(const Workflow& workflow, const InstanceKey& key) {
  const Component* component = workflow.Find(key.component);
  std::string id = absl::StrCat("@", NameOf(workflow, key.component), "_");
  if (component != nullptr && component->guards.size() > 1) {
    absl::StrAppend(&id, NameOf(workflow, key.owner), "_");
  }
  absl::StrAppend(&id, FieldTime(key.start));
  return id;
}

std::string AttemptId(const Workflow& workflow, const AttemptKey& key) {
  return absl::StrCat(InstanceId(workflow, key.instance), kAttempt, key.number);
}

std::optional<ParsedObjectId> ParseObjectId(absl::string_view id) {
  ParsedObjectId parsed;
  const size_t infix = id.rfind(kAttempt);
  if (infix != absl::string_view::npos) {
    int number = 0;
    const absl::string_view digits = id.substr(infix + kAttempt.size());
    if (absl::SimpleAtoi(digits, &number) && number > 0 &&
        digits == absl::StrCat(number)) {
      parsed.attempt = number;
      id = id.substr(0, infix);
    }
  }
  // At least `@`, a letter, `_` and the time.
  if (id.size() < kTimeLength + 3 || id[0] != '@' ||
      id[id.size() - kTimeLength - 1] != '_') {
    return std::nullopt;
  }
  const std::optional<absl::Time> start =
      ParseFieldTime(id.substr(id.size() - kTimeLength));
  if (!start.has_value()) return std::nullopt;
  parsed.instance = std::string(id);
  parsed.start = *start;
  return parsed;
}

std::vector<InstanceKey> InstancesCalled(const Workflow& workflow,
                                         PipelineNumber pipeline,
                                         absl::string_view id) {
  std::vector<InstanceKey> keys;
  const std::optional<ParsedObjectId> parsed = ParseObjectId(id);
  if (!parsed.has_value() || parsed->attempt.has_value()) return keys;
  const absl::string_view names = NamesIn(id);
  for (size_t end = names.size(); end != absl::string_view::npos && end > 0;
       end = names.rfind('_', end - 1)) {
    const Component* component = workflow.Find(names.substr(0, end));
    if (component == nullptr) continue;
    std::vector<ComponentNumber> owners = {kNoComponent};
    if (component->family() == ObjectFamily::kPrecondition) {
      owners = OwnersCalled(workflow, *component,
                            names.substr(std::min(end + 1, names.size())));
    }
    for (const ComponentNumber owner : owners) {
      const InstanceKey key{pipeline, parsed->start, component->number, owner};
      if (InstanceId(workflow, key) == id) keys.push_back(key);
    }
  }
  return keys;
}

}  // namespace holdline
