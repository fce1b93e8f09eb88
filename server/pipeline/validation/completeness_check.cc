#include <algorithm>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/pipeline/validation/definition_checks.h"

namespace holdline {
namespace {

void CheckGroup(const ResolvedObject& object, const FieldGroup& group,
                Findings& findings) {
  const auto count = std::count_if(
      group.names.begin(), group.names.end(),
      [&object](auto name) { return object.Find(name) != nullptr; });
  const std::string names =
      absl::StrCat("'", absl::StrJoin(group.names, "', '"), "'");
  if (count == 0 && group.rule == FieldGroup::Rule::kExactlyOne) {
    findings.Error(object.id, absl::StrCat("MISSING_FIELD: one of ", names,
                                           " is required."));
  }
  if (count == 0 && group.rule == FieldGroup::Rule::kShouldHaveOne) {
    findings.Warning(object.id, absl::StrCat("MISSING_FIELD: one of ", names,
                                             " should be set."));
  }
  if (count > 1 && group.rule != FieldGroup::Rule::kShouldHaveOne) {
    findings.Error(object.id, absl::StrCat("CONFLICTING_FIELDS: only one of ",
                                           names, " can be set."));
  }
}

void CheckRoute(const ResolvedObject& object, Findings& findings) {
  if (object.Find("runsOn") == nullptr &&
      object.Find("workerGroup") == nullptr) {
    findings.Error(object.id,
                   "MISSING_FIELD: one of 'runsOn', 'workerGroup' is required, "
                   "own or inherited.");
  }
  // A machine of a resource is gone after its work, and its files with it.
  if (object.Find("runsOn") == nullptr) return;
  for (absl::string_view key : {"stdout", "stderr"}) {
    const absl::string_view place = object.Text(key);
    if (place.empty() || !object.Applies(key) ||
        absl::StartsWith(place, "#{") ||
        absl::StartsWithIgnoreCase(place, "s3://")) {
      continue;
    }
    findings.Error(object.id,
                   absl::StrCat("INVALID_FIELD_VALUE: ", Quoted(key),
                                " value must be an S3 URI with 'runsOn'."));
  }
}

}  // namespace

void CheckCompleteness(const CheckedDefinition& checked, Findings& findings) {
  for (const ResolvedObject& object : checked.resolved.objects()) {
    if (object.family() == ObjectFamily::kActivity) {
      CheckRoute(object, findings);
    }
    if (object.type == nullptr) continue;
    for (const FieldRule& rule : object.type->fields) {
      if (!rule.required || object.Find(rule.name) != nullptr) continue;
      findings.Error(
          object.id,
          absl::StrCat("MISSING_FIELD: ", Quoted(rule.name), " is required."));
    }
    for (const FieldGroup& group : object.type->groups) {
      CheckGroup(object, group, findings);
    }
  }
}

}  // namespace holdline
