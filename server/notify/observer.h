// Hooks for metrics and logging of the notifier.

#ifndef HOLDLINE_SERVER_NOTIFY_OBSERVER_H_
#define HOLDLINE_SERVER_NOTIFY_OBSERVER_H_

#include <functional>
#include <string>

#include "server/pipeline/model/command.h"
#include "server/pipeline/model/notification.h"

namespace holdline {

// An attempt to deliver has ended.
struct NotifyEvent {
  // As it was when the attempt began; valid during the call.
  const Notification& notification;

  // The result, as passed to `attempt_ended`.
  DeliveryEnded result;

  // For logs: `answered 503`, `there is no webhook`.
  std::string reason;
};

// Callbacks on the notifier's thread, if set. They must not block.
struct NotifyObserver {
  std::function<void(const NotifyEvent& event)> on_event = nullptr;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_NOTIFY_OBSERVER_H_
