// Gauges of worker groups, read from the engine at each scrape.

#ifndef HOLDLINE_SERVER_METRICS_GROUP_METRICS_H_
#define HOLDLINE_SERVER_METRICS_GROUP_METRICS_H_

#include <functional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "prometheus/collectable.h"
#include "prometheus/metric_family.h"
#include "server/metrics/group_census.h"
#include "server/metrics/group_table.h"

namespace holdline {

// Thread-safe.
class GroupMetrics : public prometheus::Collectable {
 public:
  // Shows at most `groups_max` groups by name and the others as one; gives up
  // on an engine that does not answer within `patience`. Whatever `ask` needs
  // must outlive this.
  GroupMetrics(AskEngine ask, int groups_max, absl::Duration patience,
               std::function<absl::Time()> clock = absl::Now);

  // Returns the gauges of all groups and their sum; if the engine does not
  // answer, only that it is unresponsive.
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const AskEngine ask_;
  const absl::Duration patience_;
  const std::function<absl::Time()> clock_;
  mutable absl::Mutex mutex_;
  mutable GroupTable table_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_METRICS_GROUP_METRICS_H_
