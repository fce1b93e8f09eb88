// Counts of pipelines and live runs by state, across all accounts.

#ifndef HOLDLINE_SERVER_PIPELINE_MODEL_CENSUS_H_
#define HOLDLINE_SERVER_PIPELINE_MODEL_CENSUS_H_

#include <array>
#include <cstdint>

#include "absl/time/time.h"
#include "server/pipeline/model/instance.h"
#include "server/pipeline/model/record.h"

namespace holdline {

struct PipelineCensus {
  // By PipelineState, those that are not deleted.
  std::array<int64_t, 5> pipelines{};

  // Instances that have not ended, by RunStatus.
  std::array<int64_t, 5> runs{};

  // Components with intervals that are due and have no instance yet.
  int64_t components_behind = 0;

  // Undelivered notifications, and when the oldest was created; infinite future
  // if there is none.
  int64_t notifications = 0;
  absl::Time oldest_notification_at = absl::InfiniteFuture();

  // Counts one in or out.
  void Count(PipelineState state, int by) {
    pipelines[static_cast<size_t>(state)] += by;
  }
  void Count(RunStatus status, int by) {
    if (!HasEnded(status)) runs[static_cast<size_t>(status)] += by;
  }

  friend bool operator==(const PipelineCensus&,
                         const PipelineCensus&) = default;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_MODEL_CENSUS_H_
