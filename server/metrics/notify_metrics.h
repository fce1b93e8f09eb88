// Metrics of delivery attempts of notifications.

#ifndef HOLDLINE_SERVER_METRICS_NOTIFY_METRICS_H_
#define HOLDLINE_SERVER_METRICS_NOTIFY_METRICS_H_

#include <array>

#include "prometheus/counter.h"
#include "prometheus/registry.h"
#include "server/notify/observer.h"

namespace holdline {

// Thread-safe. All series exist, at zero, from the start.
class NotifyMetrics {
 public:
  // Adds its families to the registry, which is not owned and must outlive
  // this.
  explicit NotifyMetrics(prometheus::Registry* registry);

  NotifyMetrics(const NotifyMetrics&) = delete;
  NotifyMetrics& operator=(const NotifyMetrics&) = delete;

  // An attempt to deliver has ended.
  void AttemptEnded(const NotifyEvent& event);

 private:
  const std::array<prometheus::Counter*, 3> attempts_;  // by how they ended
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_METRICS_NOTIFY_METRICS_H_
