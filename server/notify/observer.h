// What the notifier tells those who count and keep watch.

#ifndef HOLDLINE_SERVER_NOTIFY_OBSERVER_H_
#define HOLDLINE_SERVER_NOTIFY_OBSERVER_H_

#include <functional>
#include <string>

#include "server/pipeline/model/command.h"
#include "server/pipeline/model/notification.h"

namespace holdline {

// A try has ended.
struct NotifyEvent {
  // As it was when the try began; valid during the call.
  const Notification& notification;

  // What was told to `tried`.
  NotificationTried fate;

  // For people: `answered 503`, `there is no webhook`.
  std::string reason;
};

// Functions that are called on the notifier's thread, if set. They must not
// block.
struct NotifyObserver {
  std::function<void(const NotifyEvent& event)> on_event = nullptr;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_NOTIFY_OBSERVER_H_
