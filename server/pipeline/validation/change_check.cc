#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "server/pipeline/validation/definition_checks.h"

namespace holdline {
namespace {

using ObjectsById =
    absl::flat_hash_map<absl::string_view, const PipelineObject*>;

ObjectsById ById(const Definition& definition) {
  ObjectsById objects;
  for (const PipelineObject& object : definition.objects) {
    objects.try_emplace(object.id, &object);
  }
  return objects;
}

std::vector<std::string> OwnReferences(const PipelineObject& object,
                                       absl::string_view key) {
  std::vector<std::string> ids;
  for (const Field& field : object.fields) {
    if (field.is_reference && field.key == key) ids.push_back(field.value);
  }
  return ids;
}

void CheckReferences(const PipelineObject& before, const PipelineObject& after,
                     Findings& findings) {
  absl::flat_hash_set<absl::string_view> keys;
  for (const PipelineObject* object : {&before, &after}) {
    for (const Field& field : object->fields) {
      if (field.is_reference) keys.insert(field.key);
    }
  }
  for (const PipelineObject* object : {&before, &after}) {
    for (const Field& field : object->fields) {
      if (keys.erase(field.key) == 0 ||
          OwnReferences(before, field.key) == OwnReferences(after, field.key)) {
        continue;
      }
      findings.Breaking(
          after.id,
          absl::StrCat("FORBIDDEN_CHANGE: the reference ", Quoted(field.key),
                       " of an active object cannot be added, removed or "
                       "changed."));
    }
  }
}

// What of a Schedule stays as it was when it was activated.
void CheckScheduleStays(const ResolvedObject& before,
                        const ResolvedObject& after, Findings& findings) {
  if (before.family() != ObjectFamily::kSchedule &&
      after.family() != ObjectFamily::kSchedule) {
    return;
  }
  if (before.Text("period") != after.Text("period")) {
    findings.Breaking(after.id,
                      "FORBIDDEN_CHANGE: the 'period' of an active object "
                      "cannot be changed.");
  }
  for (absl::string_view key : {"startDateTime", "startAt"}) {
    if (before.Text(key) == after.Text(key)) continue;
    findings.Breaking(
        after.id,
        absl::StrCat("FORBIDDEN_CHANGE: the ", Quoted(key),
                     " of an active object cannot be changed; activate the "
                     "pipeline with a start timestamp instead."));
  }
}

void CheckNewObject(const ResolvedObject& added, const ObjectsById& before,
                    Findings& findings) {
  for (const std::string& id : added.References("output")) {
    if (!before.contains(id)) continue;
    findings.Breaking(
        added.id, absl::StrCat("FORBIDDEN_CHANGE: the 'output' of a new object "
                               "cannot be ",
                               Quoted(id), ", which is active."));
  }
}

}  // namespace

void CheckChanges(const CheckedDefinition& checked, Findings& findings) {
  if (checked.active == nullptr) return;
  const ResolvedDefinition active =
      ResolvedDefinition::Resolve(*checked.active);
  const ObjectsById before = ById(*checked.active);
  const ObjectsById after = ById(checked.definition);
  for (const PipelineObject& object : checked.active->objects) {
    const auto found = after.find(object.id);
    if (found == after.end()) {
      findings.Breaking(
          object.id, "FORBIDDEN_CHANGE: an active object cannot be removed.");
      continue;
    }
    CheckReferences(object, *found->second, findings);
    CheckScheduleStays(*active.Find(object.id),
                       *checked.resolved.Find(object.id), findings);
  }
  for (const ResolvedObject& object : checked.resolved.objects()) {
    if (!before.contains(object.id)) CheckNewObject(object, before, findings);
  }
}

}  // namespace holdline
