#include "server/pipeline/object_id.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/pipeline/field_time.h"

namespace holdline {
namespace {

constexpr absl::string_view kAttempt = "_Attempt=";
constexpr size_t kTimeLength = 19;  // 2012-12-12T00:00:00

// The id of a component, also of one that a later definition no longer runs.
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

}  // namespace holdline
