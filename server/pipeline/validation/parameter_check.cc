#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "server/pipeline/definition/parameter_table.h"
#include "server/pipeline/validation/definition_checks.h"
#include "server/pipeline/validation/parameter_use.h"

namespace holdline {
namespace {

using Values = std::vector<std::string>;

// Whether a text looks like `s3://bucket/key`. The key of a bucket's root is
// empty.
bool IsObjectKey(absl::string_view text) {
  if (!absl::StartsWithIgnoreCase(text, "s3://")) return false;
  text.remove_prefix(5);
  const size_t slash = text.find('/');
  return slash != absl::string_view::npos && slash > 0;
}

// A type that a parameter can have.
struct ParameterType {
  absl::string_view name;
  absl::string_view what;
  bool (*has)(absl::string_view text);
};

constexpr ParameterType kParameterTypes[] = {
    {"String", "a text", [](absl::string_view) { return true; }},
    {"Integer", "an integer",
     [](absl::string_view text) {
       int64_t number;
       return absl::SimpleAtoi(text, &number);
     }},
    {"Double", "a number",
     [](absl::string_view text) {
       double number;
       return absl::SimpleAtod(text, &number);
     }},
    {"AWS::S3::ObjectKey", "like 's3://bucket/key'", IsObjectKey},
};

// Returns the type of a parameter, the first if it names none, or null if it
// names one that there is not.
const ParameterType* TypeOf(const ParameterObject& parameter) {
  const Values names = Attributes(parameter, "type");
  if (names.empty()) return &kParameterTypes[0];
  for (const ParameterType& type : kParameterTypes) {
    if (absl::EqualsIgnoreCase(type.name, names[0])) return &type;
  }
  return nullptr;
}

bool IsTrue(const ParameterObject& parameter, absl::string_view key) {
  const Values values = Attributes(parameter, key);
  return !values.empty() && absl::EqualsIgnoreCase(values[0], "true");
}

void CheckDeclaration(const ParameterObject& parameter, Findings& findings) {
  absl::string_view id = parameter.id;
  absl::ConsumePrefix(&id, "*");
  if (!absl::StartsWith(id, "my")) {
    findings.Error(parameter.id,
                   "INVALID_PARAMETER: the id of a parameter must begin with "
                   "'my', or with '*my' if it is encrypted.");
  }
  if (TypeOf(parameter) == nullptr) {
    findings.Error(parameter.id,
                   "INVALID_PARAMETER: 'type' value must be one of 'String', "
                   "'Integer', 'Double', 'AWS::S3::ObjectKey'.");
  }
  for (absl::string_view key : {"optional", "isArray"}) {
    for (const std::string& value : Attributes(parameter, key)) {
      if (absl::EqualsIgnoreCase(value, "true") ||
          absl::EqualsIgnoreCase(value, "false")) {
        continue;
      }
      findings.Error(parameter.id,
                     absl::StrCat("INVALID_PARAMETER: ", Quoted(key),
                                  " value must be 'true' or 'false'."));
    }
  }
}

// One that has expressions is looked at when they are evaluated.
void CheckParameterValue(const ParameterObject& parameter,
                         const std::string& value, Findings& findings) {
  if (!IsLiteral(value)) return;
  // Of a secret, what is allowed is as much of a secret.
  const bool is_secret = IsSecretName(parameter.id);
  const std::string shown =
      is_secret ? std::string(kSecretShown) : Quoted(value);
  const ParameterType* type = TypeOf(parameter);
  if (type != nullptr && !type->has(value)) {
    findings.Error(parameter.id,
                   absl::StrCat("INVALID_PARAMETER_VALUE: ", shown, " must be ",
                                type->what, "."));
  }
  const Values allowed = Attributes(parameter, "allowedValues");
  if (!allowed.empty() &&
      std::find(allowed.begin(), allowed.end(), value) == allowed.end()) {
    const std::string choices =
        is_secret ? "the 'allowedValues'"
                  : absl::StrCat("'", absl::StrJoin(allowed, "', '"), "'");
    findings.Error(parameter.id,
                   absl::StrCat("INVALID_PARAMETER_VALUE: ", shown,
                                " must be one of ", choices, "."));
  }
}

void CheckValuesOf(const ParameterObject& parameter, const Values& values,
                   Findings& findings) {
  for (const std::string& value : values) {
    CheckParameterValue(parameter, value, findings);
  }
  if (values.size() > 1 && !IsTrue(parameter, "isArray")) {
    findings.Warning(
        parameter.id,
        "INVALID_PARAMETER_VALUE: the parameter has several values "
        "and is not declared with 'isArray'.");
  }
}

// The id of the object that wrote the field: itself, or the nearest parent.
absl::string_view WriterOf(const ResolvedDefinition& definition,
                           const ResolvedObject& object,
                           absl::string_view key) {
  const auto has_key = [key](const Field& field) { return field.key == key; };
  if (std::any_of(object.own.begin(), object.own.end(), has_key)) {
    return object.id;
  }
  for (const std::string& id : object.parents) {
    const std::vector<Field>& own = definition.Find(id)->own;
    if (std::any_of(own.begin(), own.end(), has_key)) return id;
  }
  return object.id;
}

// A name that is no parameter's may be a part of a secret.
void SayMissing(const CheckedDefinition& checked, absl::string_view writer,
                const Field& field, absl::string_view name,
                Findings& findings) {
  if (!checked.resolved.parameters().Knows(name)) {
    findings.Error(
        writer, absl::StrCat("UNKNOWN_PARAMETER: ", Quoted(field.key), " uses ",
                             IsSecret(field) ? kSecretShown : Quoted(name),
                             ", which is neither a parameter nor a field."));
    return;
  }
  const std::string missing = absl::StrCat(
      "MISSING_PARAMETER_VALUE: ", Quoted(field.key), " uses the parameter ",
      Quoted(name), ", which has no value.");
  if (checked.for_activation) {
    findings.Error(writer, missing);
  } else {
    findings.Warning(writer, missing);
  }
}

// What objects without a type hand down is judged where it means something.
void CheckUse(const CheckedDefinition& checked, const ResolvedObject& object,
              Findings& findings) {
  for (const Field& field : object.effective) {
    if (field.is_reference || field.key == "type") continue;
    if (!object.Applies(field.key)) continue;
    for (const std::string& name :
         MissingParameters(checked, object, field.value)) {
      SayMissing(checked, WriterOf(checked.resolved, object, field.key), field,
                 name, findings);
    }
  }
}

}  // namespace

void CheckParameters(const CheckedDefinition& checked, Findings& findings) {
  absl::flat_hash_set<absl::string_view> ids;
  for (const ParameterObject& parameter : checked.definition.parameters) {
    if (!ids.insert(parameter.id).second) {
      findings.Error(parameter.id,
                     "DUPLICATE_ID: another parameter has the same id.");
    }
    CheckDeclaration(parameter, findings);
    const Values* values = checked.resolved.Parameter(parameter.id);
    if (values != nullptr) CheckValuesOf(parameter, *values, findings);
  }
  for (const ResolvedObject& object : checked.resolved.objects()) {
    if (!object.type_name.empty()) CheckUse(checked, object, findings);
  }
}

}  // namespace holdline
