// The values of the parameters of a definition, and their substitution in
// fields (DATAPIPELINE section 11).

#ifndef HOLDLINE_SERVER_PIPELINE_DEFINITION_PARAMETER_TABLE_H_
#define HOLDLINE_SERVER_PIPELINE_DEFINITION_PARAMETER_TABLE_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/expression/parameter_substitution.h"

namespace holdline {

// Returns the values of all attributes of a parameter with this key.
std::vector<std::string> Attributes(const ParameterObject& parameter,
                                    absl::string_view key);

// Whether the parameter may have no value.
bool IsOptional(const ParameterObject& parameter);

// The result of substituting parameters in a field's text.
struct SubstitutedTexts {
  std::vector<std::string> texts;

  // Whether the texts contain the value of a secret parameter.
  bool holds_secret = false;
};

class ParameterTable {
 public:
  ParameterTable() = default;

  // The values of each parameter come from the first source that has any:
  // `overriding`, the stored values, the defaults.
  ParameterTable(const Definition& definition,
                 absl::Span<const ParameterValue> overriding);

  // Returns the values of a parameter, at least one, or null.
  const std::vector<std::string>* Find(absl::string_view id) const;

  // Whether the parameter is declared or has a value.
  bool Knows(absl::string_view id) const;

  // Whether the parameter is optional and has no value.
  bool IsLeftOut(absl::string_view id) const { return left_out_.contains(id); }

  // Returns the text of a field with parameters substituted, see
  // SubstituteNames(): several texts for a parameter with several values. An
  // optional parameter without a value becomes nothing; if the text is nothing
  // else, the result is empty: the field is dropped. A name stays if the
  // parameter lacks a value, or `is_field` says that it is a field of the
  // object.
  //
  // INVALID_ARGUMENT: as SubstituteNames().
  absl::StatusOr<SubstitutedTexts> Substitute(
      absl::string_view text,
      absl::FunctionRef<bool(absl::string_view)> is_field) const;

 private:
  // Parameters with values; and optional ones without.
  absl::flat_hash_map<std::string, ParameterText> texts_;
  absl::flat_hash_set<std::string> left_out_;

  absl::flat_hash_set<std::string> declared_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_DEFINITION_PARAMETER_TABLE_H_
