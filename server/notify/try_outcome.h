// The outcome of an attempt to deliver a notification.

#ifndef HOLDLINE_SERVER_NOTIFY_TRY_OUTCOME_H_
#define HOLDLINE_SERVER_NOTIFY_TRY_OUTCOME_H_

#include <string>

namespace holdline {

enum class TryOutcome {
  kDelivered,
  kTryAgain,  // it may go better later
  kGiveUp,    // it will never go
};

struct TryResult {
  TryOutcome outcome = TryOutcome::kTryAgain;

  // For logs: `answered 503`, `cannot connect: Connection refused`. Shows
  // neither the URL nor the key.
  std::string reason;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_NOTIFY_TRY_OUTCOME_H_
