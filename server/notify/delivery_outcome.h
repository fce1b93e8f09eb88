// The outcome of an attempt to deliver a notification.

#ifndef HOLDLINE_SERVER_NOTIFY_DELIVERY_OUTCOME_H_
#define HOLDLINE_SERVER_NOTIFY_DELIVERY_OUTCOME_H_

#include <string>

namespace holdline {

enum class DeliveryOutcome {
  kDelivered,
  kRetry,   // a later attempt may succeed
  kGiveUp,  // no attempt will succeed
};

struct DeliveryResult {
  DeliveryOutcome outcome = DeliveryOutcome::kRetry;

  // For logs: `answered 503`, `cannot connect: Connection refused`. Shows
  // neither the URL nor the key.
  std::string reason;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_NOTIFY_DELIVERY_OUTCOME_H_
