// The parameters that a definition uses without a value (DATAPIPELINE sections
// 8.3 and 11).

#ifndef HOLDLINE_SERVER_PIPELINE_VALIDATION_PARAMETER_USE_H_
#define HOLDLINE_SERVER_PIPELINE_VALIDATION_PARAMETER_USE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/pipeline/validation/definition_checks.h"

namespace holdline {

// Returns the names in the expressions of `text` that look like parameters, are
// no fields of the object and have no value, each once. Optional parameters are
// not among them.
std::vector<std::string> MissingParameters(const CheckedDefinition& checked,
                                           const ResolvedObject& object,
                                           absl::string_view text);

// Whether MissingParameters() returns any.
bool WaitsForParameter(const CheckedDefinition& checked,
                       const ResolvedObject& object, absl::string_view text);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_VALIDATION_PARAMETER_USE_H_
