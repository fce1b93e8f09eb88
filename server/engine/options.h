// The engine's limits and timings.

#ifndef HOLDLINE_SERVER_ENGINE_OPTIONS_H_
#define HOLDLINE_SERVER_ENGINE_OPTIONS_H_

#include <cstdint>

#include "absl/time/time.h"
#include "server/engine/core.h"

namespace holdline {

struct EngineOptions {
  BrokerOptions broker;
  PlannerOptions planner;

  // The most commands of an account that wait for the loop; more are refused.
  int inbox_max = 100000;

  // The most commands that one commit covers.
  int batch_max = 4096;

  // How many bytes of payloads are kept in memory for tasks not leased yet;
  // others are read from the store when leased.
  int64_t payload_cache_bytes = int64_t{64} << 20;

  // How long ended tasks are kept.
  absl::Duration history_retention = absl::Hours(24 * 7);

  // How long ended instances of pipelines are kept, with their attempts;
  // infinite keeps them for ever.
  absl::Duration pipeline_history_retention = absl::Hours(24 * 400);

  // The shortest and the longest back-off before the store is retried after an
  // error.
  absl::Duration store_retry_min = absl::Milliseconds(100);
  absl::Duration store_retry_max = absl::Seconds(5);
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_ENGINE_OPTIONS_H_
