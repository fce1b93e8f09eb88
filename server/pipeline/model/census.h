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
  // Pipelines by PipelineState, without deleted ones.
  std::array<int64_t, 5> pipelines{};

  // Live instances, by RunStatus.
  std::array<int64_t, 5> runs{};

  // Components with intervals that are due and have no instance yet.
  int64_t components_behind = 0;

  // Undelivered notifications, and the time at which the oldest was created;
  // infinite future if there is none.
  int64_t notifications = 0;
  absl::Time oldest_notification_at = absl::InfiniteFuture();

  // Adds `by` to the count of a state or status: 1 or -1.
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
