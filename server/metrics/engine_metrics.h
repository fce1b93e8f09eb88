// Metrics of the engine: committed facts and commit times.

#ifndef HOLDLINE_SERVER_METRICS_ENGINE_METRICS_H_
#define HOLDLINE_SERVER_METRICS_ENGINE_METRICS_H_

#include <array>

#include "prometheus/counter.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"
#include "server/broker/batch.h"
#include "server/engine/observer.h"

namespace holdline {

// Thread-safe. All series exist, at zero, from the start.
class EngineMetrics {
 public:
  // Adds its families to the registry, which is not owned and must outlive
  // this.
  explicit EngineMetrics(prometheus::Registry* registry);

  EngineMetrics(const EngineMetrics&) = delete;
  EngineMetrics& operator=(const EngineMetrics&) = delete;

  // A batch is on disk.
  void Committed(const Batch& batch, const TurnFacts& facts);

  // The space that the store takes.
  void Space(const StoreSpace& space);

  // The store has failed, or serves again.
  void StoreStatus(bool serves);

 private:
  // Counts one fact.
  struct Count;

  // Observes the durations that the facts of a task imply.
  void Measure(const TaskState& state);

  prometheus::Counter& submitted_;
  prometheus::Counter& handed_out_;
  prometheus::Counter& retried_;
  std::array<prometheus::Counter*, 4> ended_;             // by Ending
  std::array<prometheus::Counter*, 3> redeliveries_;      // by ReturnReason
  std::array<prometheus::Counter*, 5> attempt_failures_;  // by FailureCause
  prometheus::Counter& store_errors_;
  prometheus::Gauge& store_up_;
  prometheus::Gauge& store_bytes_;
  prometheus::Gauge& store_free_bytes_;
  prometheus::Histogram& wait_;
  prometheus::Histogram& acknowledge_;
  prometheus::Histogram& commit_;
  prometheus::Histogram& batch_commands_;
  prometheus::Histogram& inbox_depth_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_METRICS_ENGINE_METRICS_H_
