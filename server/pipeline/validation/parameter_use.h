// Parameters that a definition uses and that have no value (DATAPIPELINE
// sections 8.3 and 11).

#ifndef HOLDLINE_SERVER_PIPELINE_VALIDATION_PARAMETER_USE_H_
#define HOLDLINE_SERVER_PIPELINE_VALIDATION_PARAMETER_USE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/pipeline/validation/definition_checks.h"

namespace holdline {

// Returns the names in the expressions of `text` that look like parameters and
// have no value and are no field of the object, each once. Those that may go
// without a value are not among them.
std::vector<std::string> MissingParameters(const CheckedDefinition& checked,
                                           const ResolvedObject& object,
                                           absl::string_view text);

// Whether there are any.
bool WaitsForParameter(const CheckedDefinition& checked,
                       const ResolvedObject& object, absl::string_view text);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_VALIDATION_PARAMETER_USE_H_
