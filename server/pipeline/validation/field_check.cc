#include <algorithm>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/pipeline/validation/definition_checks.h"

namespace holdline {
namespace {

void CheckTargetFits(const ResolvedObject& object, const FieldRule& rule,
                     const ResolvedObject& target, Findings& findings) {
  const auto& families = rule.target_families;
  const auto& types = rule.target_types;
  const bool is_known = target.type != nullptr || target.type_name.empty();
  if (!is_known || (families.empty() && types.empty())) return;
  const bool fits =
      std::find(families.begin(), families.end(), target.family()) !=
          families.end() ||
      std::find(types.begin(), types.end(), target.type_name) != types.end();
  if (fits) return;
  findings.Error(
      object.id,
      absl::StrCat("INVALID_REFERENCE: ", Quoted(rule.name),
                   " cannot refer to ", Quoted(target.id), ", which is ",
                   target.type_name.empty()
                       ? "an object without a type"
                       : absl::StrCat("of the type ", Quoted(target.type_name)),
                   "."));
}

// Checks one of an object's own fields. `rule` is null if the key has none.
void CheckField(const CheckedDefinition& checked, const ResolvedObject& object,
                const Field& field, const FieldRule* rule, Findings& findings) {
  if (field.is_reference) {
    if (rule != nullptr && rule->kind != FieldKind::kReference) {
      findings.Error(object.id,
                     absl::StrCat("INVALID_FIELD_VALUE: ", Quoted(field.key),
                                  " value must not be a reference."));
      return;
    }
    const ResolvedObject* target = checked.resolved.Find(field.value);
    if (target == nullptr) {
      findings.Error(
          object.id,
          absl::StrCat("INVALID_REFERENCE: ", Quoted(field.key), " refers to ",
                       IsSecret(field) ? kSecretShown : Quoted(field.value),
                       ", and there is no such object."));
    } else if (rule != nullptr) {
      CheckTargetFits(object, *rule, *target, findings);
    }
  } else if (rule != nullptr && rule->kind == FieldKind::kReference) {
    findings.Error(object.id,
                   absl::StrCat("INVALID_FIELD_VALUE: ", Quoted(field.key),
                                " value must be a reference to an object."));
  } else if (rule != nullptr) {
    CheckValue(checked, object, *rule, field.value, findings);
  }
}

// Says what is wrong with there being a field of this key at all, or so often.
void CheckKey(const ResolvedObject& object, absl::string_view key, size_t count,
              const FieldRule* rule, Findings& findings) {
  const ObjectType* type = object.type;
  if (absl::StartsWith(key, "@")) {
    findings.Error(object.id, absl::StrCat("READ_ONLY_FIELD: ", Quoted(key),
                                           " is set by the service."));
  } else if (type != nullptr &&
             std::find(type->forbidden.begin(), type->forbidden.end(), key) !=
                 type->forbidden.end()) {
    findings.Error(object.id, absl::StrCat("INVALID_FIELD: ", Quoted(key),
                                           " is not allowed on this object."));
  } else if (rule == nullptr && !IsUserDefined(key) &&
             (type != nullptr || object.type_name.empty())) {
    findings.Warning(
        object.id,
        absl::StrCat("UNKNOWN_FIELD: ", Quoted(key), " is no field of ",
                     type == nullptr
                         ? "any type"
                         : absl::StrCat("the type ", Quoted(type->name)),
                     "."));
  } else if (rule != nullptr && count > rule->values_max) {
    findings.Error(object.id,
                   absl::StrCat("INVALID_FIELD_VALUE: ", Quoted(key),
                                " can have at most ", rule->values_max,
                                rule->values_max == 1 ? " value, and has "
                                                      : " values, and has ",
                                count, "."));
  }
}

}  // namespace

void CheckFields(const CheckedDefinition& checked, Findings& findings) {
  for (const ResolvedObject& object : checked.resolved.objects()) {
    absl::flat_hash_map<absl::string_view, size_t> counts;
    for (const Field& field : object.own) ++counts[field.key];
    for (const Field& field : object.own) {
      const FieldRule* rule = object.RuleFor(field.key);
      CheckKey(object, field.key, counts[field.key], rule, findings);
      CheckField(checked, object, field, rule, findings);
    }
  }
}

}  // namespace holdline
