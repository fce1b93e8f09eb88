// The values of a definition's parameters, and how they get into fields
// (DATAPIPELINE section 11).

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

// Returns the values of all attributes of a parameter that have this key.
std::vector<std::string> Attributes(const ParameterObject& parameter,
                                    absl::string_view key);

// Whether the parameter may go without a value.
bool IsOptional(const ParameterObject& parameter);

// The result of substituting parameters in a field's text.
struct SubstitutedTexts {
  std::vector<std::string> texts;

  // Whether the value of a secret parameter is in them.
  bool holds_secret = false;
};

class ParameterTable {
 public:
  ParameterTable() = default;

  // For each parameter, the first of these that has values for it:
  // `overriding`, those stored in the definition, its defaults.
  ParameterTable(const Definition& definition,
                 absl::Span<const ParameterValue> overriding);

  // Returns the values of a parameter, at least one, or null.
  const std::vector<std::string>* Find(absl::string_view id) const;

  // Whether the parameter is declared, or has a value without that.
  bool Knows(absl::string_view id) const;

  // Whether it is optional and has no value.
  bool IsLeftOut(absl::string_view id) const { return left_out_.contains(id); }

  // Returns what the text of a field becomes once parameters are substituted in
  // its expressions, see SubstituteNames(): several texts if it is a parameter
  // with several values. One that is optional and has no value leaves nothing,
  // and if then there is nothing at all, the result is empty: the field is
  // dropped. One that lacks its value, or that `is_field` names a field of the
  // object, stays as it is.
  //
  // INVALID_ARGUMENT: as SubstituteNames().
  absl::StatusOr<SubstitutedTexts> Substitute(
      absl::string_view text,
      absl::FunctionRef<bool(absl::string_view)> is_field) const;

 private:
  // Those that have values; and those that are optional and have none.
  absl::flat_hash_map<std::string, ParameterText> texts_;
  absl::flat_hash_set<std::string> left_out_;

  absl::flat_hash_set<std::string> declared_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_DEFINITION_PARAMETER_TABLE_H_
