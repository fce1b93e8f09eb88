// The parts of a validation, each of which looks at one side of a definition
// and says what it finds (DATAPIPELINE sections 3.2, 9 and 11).

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

// Whether the text means what it says: it has no expression that is still to be
// evaluated.
bool IsLiteral(absl::string_view text);

// Returns a text of a definition as messages quote it: not too long.
std::string Quoted(absl::string_view text);

// Returns when the object's schedule starts, as messages say it.
std::string ShownStart(const ResolvedDefinition& definition,
                       const ResolvedObject& object, const Schedule& schedule);

// The counts and lengths. Returns whether all are within the limits.
bool CheckLimits(const Definition& definition, const ValidationLimits& limits,
                 Findings& findings);

// Ids, names, parents and types; and that no field is empty.
void CheckObjects(const CheckedDefinition& checked, Findings& findings);

// Each object's own fields: that they may be there, and their values.
void CheckFields(const CheckedDefinition& checked, Findings& findings);

// Says what is wrong with a text as the value of a field, if anything.
void CheckValue(const CheckedDefinition& checked, const ResolvedObject& object,
                const FieldRule& rule, absl::string_view value,
                Findings& findings);

// That every object has the fields that its type demands, own or inherited.
void CheckCompleteness(const CheckedDefinition& checked, Findings& findings);

// Schedules, and that what runs has one.
void CheckSchedules(const CheckedDefinition& checked, Findings& findings);

// That dependencies come to an end, and how many meet in one instance.
void CheckDependencies(const CheckedDefinition& checked, Findings& findings);

// Declarations and values of parameters, and that those in use have one.
void CheckParameters(const CheckedDefinition& checked, Findings& findings);

// That expressions can be read, and parameters substituted in them.
void CheckExpressionSyntax(const CheckedDefinition& checked,
                           Findings& findings);

// Changes that an activated pipeline does not allow.
void CheckChanges(const CheckedDefinition& checked, Findings& findings);

// Warnings about what is allowed and not recommended.
void CheckAdvice(const CheckedDefinition& checked, Findings& findings);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_VALIDATION_DEFINITION_CHECKS_H_
