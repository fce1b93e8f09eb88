#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/pipeline/expression/expression.h"
#include "server/pipeline/validation/definition_checks.h"

namespace holdline {
namespace {

// Names in a secret text may be what is to be hidden.
void SayWrong(absl::string_view id, absl::string_view key, bool is_secret,
              absl::string_view why, Findings& findings) {
  findings.Error(
      id,
      absl::StrCat(
          "INVALID_EXPRESSION: ", Quoted(key), " value: ",
          is_secret ? "an expression in it is wrong, and it is secret" : why,
          "."));
}

}  // namespace

void CheckExpressionSyntax(const CheckedDefinition& checked,
                           Findings& findings) {
  for (const ResolvedObject& object : checked.resolved.objects()) {
    for (const auto& [key, why] : object.failures) {
      SayWrong(object.id, key, IsSecretName(key), why, findings);
    }
    for (const Field& field : object.own) {
      if (field.is_reference || field.key == "type") continue;
      const absl::Status status = CheckExpressions(field.value);
      if (!status.ok()) {
        SayWrong(object.id, field.key, IsSecret(field), status.message(),
                 findings);
      }
    }
  }
}

}  // namespace holdline
