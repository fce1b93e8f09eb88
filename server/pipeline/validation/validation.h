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
  // Values of an activation, which replace the stored ones.
  absl::Span<const ParameterValue> overriding;

  // The definition that was activated last, with the values of that activation,
  // or null. Some fields must not differ from it.
  const Definition* active = nullptr;

  // Whether a used parameter without a value is an error rather than a warning;
  // likewise a definition without objects.
  bool for_activation = false;

  // For an activation, the start of its work; earlier intervals are skipped.
  absl::Time start = absl::InfinitePast();

  absl::Time now;
};

// Returns all errors and warnings, each under the id of its object: objects in
// the order of the definition, then parameters. Messages about the whole
// definition have the id `Default`. No message is longer than 10,000 bytes.
//
// A definition beyond the limits of length is not checked any further, so that
// the time is bounded by the limits.
ValidationReport Validate(const Definition& definition,
                          const ValidationPurpose& purpose,
                          const ValidationLimits& limits);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_VALIDATION_VALIDATION_H_
