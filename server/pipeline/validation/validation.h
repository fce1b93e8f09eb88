// Validation of a definition (DATAPIPELINE sections 3.2, 3.3 and 9).

#ifndef HOLDLINE_SERVER_PIPELINE_VALIDATION_VALIDATION_H_
#define HOLDLINE_SERVER_PIPELINE_VALIDATION_VALIDATION_H_

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/validation/validation_limits.h"
#include "server/pipeline/validation/validation_report.h"

namespace holdline {

// The context of a validation: saving or activating.
struct ValidationPurpose {
  // Values that an activation brings, in place of those stored.
  absl::Span<const ParameterValue> overriding;

  // The definition that was activated last, with the values of that activation,
  // or null. Fields that an activated pipeline does not allow to change are
  // compared with it.
  const Definition* active = nullptr;

  // Whether a parameter that is used and lacks its value is an error, and not a
  // warning; so is a definition without objects.
  bool for_activation = false;

  // Of an activation, where its work is to start; intervals before it are
  // skipped.
  absl::Time start = absl::InfinitePast();

  absl::Time now;
};

// Returns all errors and warnings: each under the id of its object, objects in
// the order of the definition, parameters after them. Those about the
// definition as a whole have the id `Default`. No message is longer than 10,000
// bytes.
//
// A definition beyond the limits of length is not looked at any further, so
// that this takes no longer than they allow.
ValidationReport Validate(const Definition& definition,
                          const ValidationPurpose& purpose,
                          const ValidationLimits& limits);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_VALIDATION_VALIDATION_H_
