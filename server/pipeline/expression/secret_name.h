// Names of secrets: encrypted fields and parameters (DATAPIPELINE section 1).

#ifndef HOLDLINE_SERVER_PIPELINE_EXPRESSION_SECRET_NAME_H_
#define HOLDLINE_SERVER_PIPELINE_EXPRESSION_SECRET_NAME_H_

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

namespace holdline {

// Whether the value of this name is a secret, which errors must not contain:
// the name begins with `*` or `@*`.
inline bool IsSecretName(absl::string_view name) {
  return absl::StartsWith(name, "*") || absl::StartsWith(name, "@*");
}

// The placeholder of a secret in errors.
inline constexpr absl::string_view kSecretShown = "(secret)";

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_EXPRESSION_SECRET_NAME_H_
