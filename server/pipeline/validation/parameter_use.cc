#include "server/pipeline/validation/parameter_use.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "server/pipeline/expression/expression.h"

namespace holdline {
namespace {

bool IsMissing(const CheckedDefinition& checked, const ResolvedObject& object,
               absl::string_view name) {
  return IsUserDefined(name) && object.Find(name) == nullptr &&
         checked.resolved.Parameter(name) == nullptr &&
         !checked.resolved.parameters().IsLeftOut(name);
}

}  // namespace

std::vector<std::string> MissingParameters(const CheckedDefinition& checked,
                                           const ResolvedObject& object,
                                           absl::string_view text) {
  std::vector<std::string> missing;
  if (IsLiteral(text)) return missing;
  const absl::StatusOr<std::vector<NameUse>> uses = NamesUsed(text);
  if (!uses.ok()) return missing;
  for (const NameUse& use : *uses) {
    const std::string& name = use.path[0];
    if (IsMissing(checked, object, name) &&
        std::find(missing.begin(), missing.end(), name) == missing.end()) {
      missing.push_back(name);
    }
  }
  return missing;
}

bool WaitsForParameter(const CheckedDefinition& checked,
                       const ResolvedObject& object, absl::string_view text) {
  return !MissingParameters(checked, object, text).empty();
}

}  // namespace holdline
