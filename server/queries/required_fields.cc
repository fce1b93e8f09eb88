#include "server/queries/required_fields.h"

#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/contract/validation.h"
#include "server/pipeline/definition/object_type.h"

namespace holdline {
namespace {

using Fields = google::protobuf::RepeatedPtrField<v1::Field>;

bool IsForRunners(const ObjectType& type) {
  return type.family == ObjectFamily::kActivity ||
         (type.family == ObjectFamily::kPrecondition && !type.system_managed);
}

// What must be a text is not there as a reference.
bool Has(const ObjectType& type, const Fields& fields, absl::string_view key) {
  const FieldRule* rule = FindField(type, key);
  return absl::c_any_of(fields, [&](const v1::Field& field) {
    return field.key() == key &&
           (field.has_string_value() || rule->kind == FieldKind::kReference);
  });
}

absl::Status Lacks(absl::string_view path, const ObjectType& type,
                   absl::string_view what) {
  return ConstraintError(path, absl::StrCat("Member must have ", what,
                                            " for the type ", type.name));
}

absl::Status CheckGroup(const ObjectType& type, const FieldGroup& group,
                        const Fields& fields, absl::string_view path) {
  const auto count = absl::c_count_if(group.names, [&](absl::string_view name) {
    return Has(type, fields, name);
  });
  const std::string names = absl::StrJoin(group.names, ", ");
  if (count == 0 && group.rule == FieldGroup::Rule::kExactlyOne) {
    return Lacks(path, type, absl::StrCat("one of the keys ", names));
  }
  if (count > 1 && group.rule != FieldGroup::Rule::kShouldHaveOne) {
    return Lacks(path, type, absl::StrCat("only one of the keys ", names));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckRequiredFields(absl::string_view type_name,
                                 const Fields& fields, absl::string_view path) {
  const ObjectType* type = FindObjectType(type_name);
  if (type == nullptr || !IsForRunners(*type)) return absl::OkStatus();
  for (const FieldRule& rule : type->fields) {
    if (rule.required && !Has(*type, fields, rule.name)) {
      return Lacks(path, *type, absl::StrCat("the key ", rule.name));
    }
  }
  for (const FieldGroup& group : type->groups) {
    absl::Status status = CheckGroup(*type, group, fields, path);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace holdline
