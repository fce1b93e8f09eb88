// Shorthand for validation in tests.

#ifndef HOLDLINE_SERVER_PIPELINE_TESTING_VALIDATION_HARNESS_H_
#define HOLDLINE_SERVER_PIPELINE_TESTING_VALIDATION_HARNESS_H_

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/validation/validation.h"

namespace holdline {

// The start of the schedules of the samples, so that nothing is late.
inline absl::Time TestNow() {
  return absl::FromCivil(absl::CivilSecond(2012, 12, 12), absl::UTCTimeZone());
}

// Each message as `id: message`.
inline std::vector<std::string> Flat(const std::vector<ObjectMessages>& list) {
  std::vector<std::string> flat;
  for (const ObjectMessages& object : list) {
    for (const std::string& message : object.messages) {
      flat.push_back(absl::StrCat(object.id, ": ", message));
    }
  }
  return flat;
}

inline ValidationReport Check(const Definition& definition,
                              const ValidationLimits& limits = {}) {
  ValidationPurpose purpose;
  purpose.now = TestNow();
  return Validate(definition, purpose, limits);
}

inline std::vector<std::string> FatalErrors(
    const Definition& definition, const ValidationLimits& limits = {}) {
  return Flat(Check(definition, limits).fatal);
}

inline std::vector<std::string> Errors(const Definition& definition,
                                       const ValidationLimits& limits = {}) {
  return Flat(Check(definition, limits).errors);
}

inline std::vector<std::string> Warnings(const Definition& definition,
                                         const ValidationLimits& limits = {}) {
  return Flat(Check(definition, limits).warnings);
}

// The report on an activation with these values.
inline ValidationReport CheckActivation(
    const Definition& definition, const std::vector<ParameterValue>& values) {
  ValidationPurpose purpose;
  purpose.now = TestNow();
  purpose.overriding = values;
  purpose.for_activation = true;
  return Validate(definition, purpose, {});
}

// The report on a definition in place of an active one.
inline ValidationReport CheckChange(const Definition& active,
                                    const Definition& definition) {
  ValidationPurpose purpose;
  purpose.now = TestNow();
  purpose.active = &active;
  return Validate(definition, purpose, {});
}

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_TESTING_VALIDATION_HARNESS_H_
