#include "server/metrics/notify_metrics.h"

#include "absl/time/time.h"
#include "server/metrics/families.h"

namespace holdline {
namespace {

enum Ending { kDelivered, kRetried, kGivenUp };

Ending EndingOf(const DeliveryEnded& result) {
  if (result.delivered) return kDelivered;
  return result.retry_at == absl::InfiniteFuture() ? kGivenUp : kRetried;
}

}  // namespace

NotifyMetrics::NotifyMetrics(prometheus::Registry* registry)
    : attempts_(AddCounters(registry, "holdline_notification_attempts_total",
                            "Attempts to deliver a notification, by result.",
                            "result", {"delivered", "retried", "given_up"})) {}

void NotifyMetrics::AttemptEnded(const NotifyEvent& event) {
  attempts_[EndingOf(event.result)]->Increment();
}

}  // namespace holdline
