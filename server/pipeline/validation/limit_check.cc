#include <cstddef>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "server/pipeline/validation/definition_checks.h"

namespace holdline {
namespace {

// Says of what there is too much. Returns whether there is.
bool IsBeyond(size_t count, size_t max, absl::string_view id,
              absl::string_view what, Findings& findings) {
  if (count <= max) return false;
  findings.Error(id, absl::StrCat("EXCEEDED_LIMIT: ", what, " is limited to ",
                                  max, ", and this is ", count, "."));
  return true;
}

bool CheckObject(const PipelineObject& object, const ValidationLimits& limits,
                 Findings& findings) {
  absl::flat_hash_set<absl::string_view> keys;
  size_t bytes = object.id.size() + object.name.size();
  bool within = !IsBeyond(object.id.size(), limits.name_bytes_max, object.id,
                          "the length of an id in bytes", findings);
  for (const Field& field : object.fields) {
    keys.insert(field.key);
    bytes += field.key.size() + field.value.size();
    within &= !IsBeyond(field.key.size(), limits.name_bytes_max, object.id,
                        "the length of a field's name in bytes", findings);
    within &= !IsBeyond(
        field.value.size(), limits.value_bytes_max, object.id,
        absl::StrCat("the length of ", Quoted(field.key), " in bytes"),
        findings);
  }
  within &= !IsBeyond(keys.size(), limits.fields_max, object.id,
                      "the number of an object's fields", findings);
  within &= !IsBeyond(bytes, limits.object_bytes_max, object.id,
                      "the length of an object in bytes", findings);
  return within;
}

bool CheckParameterSizes(const Definition& definition,
                         const ValidationLimits& limits, Findings& findings) {
  size_t bytes = 0;
  for (const ParameterValue& value : definition.values) {
    bytes += value.id.size() + value.value.size();
  }
  bool within = !IsBeyond(definition.parameters.size(), limits.parameters_max,
                          kDefaultObject, "the number of parameters", findings);
  within &= !IsBeyond(bytes, limits.parameter_values_bytes_max, kDefaultObject,
                      "the length of all parameter values in bytes", findings);
  for (const ParameterObject& parameter : definition.parameters) {
    size_t declared = parameter.id.size();
    for (const Field& attribute : parameter.attributes) {
      declared += attribute.key.size() + attribute.value.size();
    }
    within &= !IsBeyond(declared, limits.object_bytes_max, parameter.id,
                        "the length of a parameter in bytes", findings);
  }
  return within;
}

}  // namespace

bool CheckLimits(const Definition& definition, const ValidationLimits& limits,
                 Findings& findings) {
  if (definition.objects.size() > limits.objects_max) {
    findings.Fatal(kDefaultObject,
                   absl::StrCat("EXCEEDED_LIMIT: a definition can have ",
                                limits.objects_max, " objects, and this has ",
                                definition.objects.size(), "."));
    return false;
  }
  bool within = CheckParameterSizes(definition, limits, findings);
  for (const PipelineObject& object : definition.objects) {
    within &= CheckObject(object, limits, findings);
  }
  return within;
}

}  // namespace holdline
