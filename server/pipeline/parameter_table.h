// The values of a definition's parameters, and how they get into fields
// (DATAPIPELINE section 11).

#ifndef HOLDLINE_SERVER_PIPELINE_PARAMETER_TABLE_H_
#define HOLDLINE_SERVER_PIPELINE_PARAMETER_TABLE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "server/pipeline/definition.h"

namespace holdline {

// Returns the values of all attributes of a parameter that have this key.
std::vector<std::string> Attributes(const ParameterObject& parameter,
                                    absl::string_view key);

// Whether the parameter may go without a value.
bool IsOptional(const ParameterObject& parameter);

// Returns the names that are all there is in an expression of the text.
std::vector<std::string> LoneNames(absl::string_view text);

// What one field can become, far beyond what a definition may hold.
inline constexpr size_t kTextsMax = 1000;
inline constexpr size_t kTextBytesMax = 64 << 10;

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

  // Returns what the text of a field becomes once each `#{myParameter}` in it
  // is replaced. One with several values makes several texts. One that is
  // optional and has no value leaves nothing, and if then there is nothing at
  // all, the result is empty: the field is dropped. One that lacks its value,
  // or that `is_field` names a field of the object, stays as it is.
  //
  // Returns nothing if there were more than kTextsMax texts, or they were
  // longer than kTextBytesMax in all.
  std::optional<std::vector<std::string>> Substitute(
      absl::string_view text,
      absl::FunctionRef<bool(absl::string_view)> is_field) const;

 private:
  absl::flat_hash_map<std::string, std::vector<std::string>> values_;
  absl::flat_hash_set<std::string> declared_;

  // Optional ones without a value.
  absl::flat_hash_set<std::string> left_out_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_PARAMETER_TABLE_H_
