#include "server/pipeline/validation/validation.h"

#include "server/pipeline/definition/resolved_definition.h"
#include "server/pipeline/validation/definition_checks.h"
#include "server/pipeline/validation/findings.h"

namespace holdline {

ValidationReport Validate(const Definition& definition,
                          const ValidationPurpose& purpose,
                          const ValidationLimits& limits) {
  Findings findings;
  if (!CheckLimits(definition, limits, findings)) {
    return findings.Report(definition);
  }
  const ResolvedDefinition resolved =
      ResolvedDefinition::Resolve(definition, purpose.overriding);
  const CheckedDefinition checked = {
      .definition = definition,
      .resolved = resolved,
      .limits = limits,
      .active = purpose.active,
      .for_activation = purpose.for_activation,
      .start = purpose.start,
      .now = purpose.now,
  };
  CheckObjects(checked, findings);
  CheckFields(checked, findings);
  CheckCompleteness(checked, findings);
  CheckSchedules(checked, findings);
  CheckDependencies(checked, findings);
  CheckParameters(checked, findings);
  CheckExpressionSyntax(checked, findings);
  CheckChanges(checked, findings);
  CheckAdvice(checked, findings);
  return findings.Report(definition);
}

}  // namespace holdline
