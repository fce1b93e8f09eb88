// The checks of a validation, each of one aspect of a definition (DATAPIPELINE
// sections 3.2, 9 and 11).

#ifndef HOLDLINE_SERVER_PIPELINE_VALIDATION_DEFINITION_CHECKS_H_
#define HOLDLINE_SERVER_PIPELINE_VALIDATION_DEFINITION_CHECKS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/pipeline/calendar/schedule.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/definition/resolved_definition.h"
#include "server/pipeline/validation/findings.h"
#include "server/pipeline/validation/validation_limits.h"

namespace holdline {

// The input of the checks. Owned by the caller.
struct CheckedDefinition {
  const Definition& definition;
  const ResolvedDefinition& resolved;
  const ValidationLimits& limits;

  // The active definition, or null.
  const Definition* active = nullptr;

  // As in ValidationPurpose.
  bool for_activation = false;
  absl::Time start = absl::InfinitePast();
  absl::Time now;
};

// Whether the text is literal: it has no expression to be evaluated.
bool IsLiteral(absl::string_view text);

// Returns a text of a definition as messages quote it: cut if it is long.
std::string Quoted(absl::string_view text);

// Returns the start of the schedule of the object as messages show it.
std::string ShownStart(const ResolvedDefinition& definition,
                       const ResolvedObject& object, const Schedule& schedule);

// Checks counts and lengths. Returns whether all are within the limits.
bool CheckLimits(const Definition& definition, const ValidationLimits& limits,
                 Findings& findings);

// Checks ids, names, parents and types; and that no field is empty.
void CheckObjects(const CheckedDefinition& checked, Findings& findings);

// Checks the own fields of each object: whether they are allowed, and their
// values.
void CheckFields(const CheckedDefinition& checked, Findings& findings);

// Checks a text as the value of a field.
void CheckValue(const CheckedDefinition& checked, const ResolvedObject& object,
                const FieldRule& rule, absl::string_view value,
                Findings& findings);

// Checks that every object has the required fields of its type, own or
// inherited.
void CheckCompleteness(const CheckedDefinition& checked, Findings& findings);

// Checks schedules, and that each runnable object has one.
void CheckSchedules(const CheckedDefinition& checked, Findings& findings);

// Checks that dependencies have no cycles, and how many instances one waits
// for.
void CheckDependencies(const CheckedDefinition& checked, Findings& findings);

// Checks declarations and values of parameters, and that used ones have a
// value.
void CheckParameters(const CheckedDefinition& checked, Findings& findings);

// Checks the syntax of expressions, and that parameters can be substituted in
// them.
void CheckExpressionSyntax(const CheckedDefinition& checked,
                           Findings& findings);

// Checks that the edits are allowed in an activated pipeline.
void CheckChanges(const CheckedDefinition& checked, Findings& findings);

// Adds warnings about what is allowed but not recommended.
void CheckAdvice(const CheckedDefinition& checked, Findings& findings);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_VALIDATION_DEFINITION_CHECKS_H_
