// Limits of definitions, as configured (DATAPIPELINE section 13.1). Lengths are
// in UTF-8 bytes.

#ifndef HOLDLINE_SERVER_PIPELINE_VALIDATION_VALIDATION_LIMITS_H_
#define HOLDLINE_SERVER_PIPELINE_VALIDATION_VALIDATION_LIMITS_H_

#include <cstddef>

#include "absl/time/time.h"
#include "server/pipeline/calendar/period.h"

namespace holdline {

struct ValidationLimits {
  size_t objects_max = 100;

  // The keys of an object, each counted once.
  size_t fields_max = 50;

  // An id or a key.
  size_t name_bytes_max = 256;

  // One value of a field.
  size_t value_bytes_max = 10240;

  // All keys and values of an object.
  size_t object_bytes_max = 15360;

  size_t parameters_max = 50;

  // All ids and values of parameters.
  size_t parameter_values_bytes_max = 15360;

  // How many instances of one object an instance of another may wait for.
  size_t rollups_max = 32;

  int retries_max = 5;

  // `maxActiveInstances`.
  int active_instances_max = 5;

  // The period of a schedule.
  Period period_min = {15, Period::Unit::kMinute};
  Period period_max = {3, Period::Unit::kYear};

  // The default is the shortest that there is (DATAPIPELINE section 15, row
  // 30).
  Period retry_delay_min = {1, Period::Unit::kMinute};

  // How far back the work of a first activation may begin; infinite is anywhere
  // (section 15, row 9).
  absl::Duration backfill_max = absl::InfiniteDuration();

  // Whether a type that is not known is an activity of the user's own (section
  // 9.2, at its end).
  bool allow_unknown_types = false;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_VALIDATION_VALIDATION_LIMITS_H_
