#include <cstddef>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/pipeline/validation/definition_checks.h"

namespace holdline {
namespace {

using Ids = absl::flat_hash_set<absl::string_view>;

void CheckIdentity(const PipelineObject& object, size_t number,
                   Findings& findings) {
  if (object.id.empty()) {
    findings.Fatal(object.id, absl::StrCat("MISSING_ID: object number ", number,
                                           " has no id."));
  }
  if (object.name.empty()) {
    findings.Fatal(object.id, "MISSING_NAME: the object has no name.");
  }
  // So are instances and attempts called.
  if (absl::StartsWith(object.id, "@")) {
    findings.Error(object.id, "INVALID_ID: an id must not begin with '@'.");
  }
}

void CheckNothingIsEmpty(const PipelineObject& object, Findings& findings) {
  for (const Field& field : object.fields) {
    if (field.key.empty()) {
      findings.Fatal(object.id, "EMPTY_FIELD: a field has no name.");
    }
    if (field.value.empty()) {
      findings.Fatal(object.id, absl::StrCat("EMPTY_FIELD: ", Quoted(field.key),
                                             " value must not be empty."));
    }
  }
}

void CheckType(const CheckedDefinition& checked, const ResolvedObject& object,
               const Ids& parents, Findings& findings) {
  if (!object.type_name.empty()) {
    if (object.type != nullptr || checked.limits.allow_unknown_types) return;
    findings.Error(object.id, absl::StrCat("UNKNOWN_TYPE: there is no type ",
                                           Quoted(object.type_name), "."));
  } else if (object.id != kDefaultObject && !parents.contains(object.id)) {
    findings.Error(object.id,
                   "MISSING_TYPE: 'type' is required of an object that is not "
                   "the parent of others.");
  }
}

const ResolvedObject* NamedParent(const ResolvedDefinition& definition,
                                  const ResolvedObject& object) {
  for (const Field& field : object.own) {
    if (field.key == "parent") return definition.Find(field.value);
  }
  return nullptr;
}

// The parents that are named must not lead back to the object. That those of
// another do is for that one to hear.
void CheckParents(const ResolvedDefinition& definition,
                  const ResolvedObject& object, Findings& findings) {
  Ids seen;
  const ResolvedObject* parent = NamedParent(definition, object);
  while (parent != nullptr && parent->id != object.id &&
         seen.size() <= kParentsMax && seen.insert(parent->id).second) {
    parent = NamedParent(definition, *parent);
  }
  if (parent != nullptr && parent->id == object.id) {
    findings.Error(object.id,
                   "CYCLIC_PARENTS: the object is a parent of itself.");
  } else if (seen.size() > kParentsMax) {
    findings.Error(object.id,
                   absl::StrCat("EXCEEDED_LIMIT: an object can inherit from ",
                                kParentsMax, " others."));
  }
}

// Those that other objects inherit from.
Ids NamedParents(const Definition& definition) {
  Ids parents;
  for (const PipelineObject& object : definition.objects) {
    for (const Field& field : object.fields) {
      if (field.key == "parent") parents.insert(field.value);
    }
  }
  return parents;
}

}  // namespace

bool IsLiteral(absl::string_view text) {
  return !absl::StrContains(text, "#{");
}

std::string Quoted(absl::string_view text) {
  constexpr size_t kQuotedMax = 100;
  return text.size() <= kQuotedMax
             ? absl::StrCat("'", text, "'")
             : absl::StrCat("'", text.substr(0, kQuotedMax), "...'");
}

void CheckObjects(const CheckedDefinition& checked, Findings& findings) {
  const Ids parents = NamedParents(checked.definition);
  Ids ids;
  for (size_t i = 0; i < checked.definition.objects.size(); ++i) {
    const PipelineObject& object = checked.definition.objects[i];
    const ResolvedObject& resolved = checked.resolved.objects()[i];
    CheckIdentity(object, i + 1, findings);
    CheckNothingIsEmpty(object, findings);
    if (!ids.insert(object.id).second) {
      findings.Error(object.id,
                     "DUPLICATE_ID: another object has the same id.");
    }
    CheckType(checked, resolved, parents, findings);
    CheckParents(checked.resolved, resolved, findings);
  }
  if (checked.for_activation && checked.definition.objects.empty()) {
    findings.Error(kDefaultObject,
                   "MISSING_OBJECTS: the definition has no objects.");
  }
  if (checked.resolved.is_cut()) {
    findings.Error(kDefaultObject,
                   "EXCEEDED_LIMIT: the definition becomes too long once its "
                   "parameters are substituted.");
  }
}

}  // namespace holdline
