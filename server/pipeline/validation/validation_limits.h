// The limits of definitions (DATAPIPELINE section 13.1). Lengths are in UTF-8
// bytes.

#ifndef HOLDLINE_SERVER_PIPELINE_VALIDATION_VALIDATION_LIMITS_H_
#define HOLDLINE_SERVER_PIPELINE_VALIDATION_VALIDATION_LIMITS_H_

#include <cstddef>

#include "absl/time/time.h"
#include "server/pipeline/calendar/period.h"

namespace holdline {

struct ValidationLimits {
  size_t objects_max = 100;

  // The keys of an object, without repetitions.
  size_t fields_max = 50;

  // The length of an id or a key.
  size_t name_bytes_max = 256;

  // The length of a value of a field.
  size_t value_bytes_max = 10240;

  // The length of all keys and values of an object.
  size_t object_bytes_max = 15360;

  size_t parameters_max = 50;

  // The length of all ids and values of parameters.
  size_t parameter_values_bytes_max = 15360;

  // The instances of one object that an instance of another may wait for.
  size_t rollups_max = 32;

  int retries_max = 5;

  // `maxActiveInstances`.
  int active_instances_max = 5;

  // The period of a schedule.
  Period period_min = {15, Period::Unit::kMinute};
  Period period_max = {3, Period::Unit::kYear};

  // The shortest `retryDelay` (DATAPIPELINE section 15, row 30).
  Period retry_delay_min = {1, Period::Unit::kMinute};

  // The age of the first interval of a first activation; infinite is no limit
  // (section 15, row 9).
  absl::Duration backfill_max = absl::InfiniteDuration();

  // Whether an unknown type is a custom activity (section 9.2, at its end).
  bool allow_unknown_types = false;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_VALIDATION_VALIDATION_LIMITS_H_
