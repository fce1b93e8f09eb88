// The queue of notifications to deliver, with their retry schedule.

#ifndef HOLDLINE_SERVER_NOTIFY_DELIVERY_QUEUE_H_
#define HOLDLINE_SERVER_NOTIFY_DELIVERY_QUEUE_H_

#include <deque>
#include <optional>
#include <set>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/node_hash_map.h"
#include "absl/time/time.h"
#include "server/notify/delivery_outcome.h"
#include "server/notify/options.h"
#include "server/pipeline/model/command.h"
#include "server/pipeline/model/ids.h"
#include "server/pipeline/model/notification.h"

namespace holdline {

// Holds notifications until they are delivered or given up. No clock of its
// own, no I/O. Not thread-safe.
//
// The results of the last kSettledMax notifications that were delivered or
// given up are kept, so that one which is added again, because its result was
// not stored, is not sent again.
class DeliveryQueue {
 public:
  static constexpr int kSettledMax = 10000;

  // The options must outlive the queue.
  explicit DeliveryQueue(const NotifyOptions& options);

  // Adds a notification, to be attempted when it is due; no-op if it is held
  // already. Returns its result if it was settled before.
  std::optional<DeliveryEnded> Add(Notification notification);

  // Begins an attempt: returns the notification that has been due the longest,
  // or null if none is due at `now` or `parallel_max` attempts are under way.
  // The pointer stays valid, and the notification unchanged, until the attempt
  // ends.
  const Notification* BeginDelivery(absl::Time now);

  // The time at which BeginDelivery has a notification, if no attempt ends
  // before: infinite future if none.
  absl::Time NextDelivery() const;

  // Ends the attempt of `number`, which is under way. A retry is due after the
  // wait of options.h; the notification is given up if it would then be too
  // old.
  DeliveryEnded EndDelivery(NotificationNumber number, DeliveryOutcome outcome,
                            absl::Time now);

  // The number of held notifications.
  size_t size() const { return held_.size(); }

 private:
  // The time of the retry of a notification that fails at `now`; infinite
  // future for none.
  absl::Time RetryTime(const Notification& notification, absl::Time now) const;

  void Remember(const DeliveryEnded& result);

  const NotifyOptions& options_;

  // A node does not move, which BeginDelivery promises.
  absl::node_hash_map<NotificationNumber, Notification> held_;

  // Held notifications without an attempt under way, by due time.
  std::set<std::pair<absl::Time, NotificationNumber>> waiting_;

  int underway_ = 0;

  absl::flat_hash_map<NotificationNumber, DeliveryEnded> settled_;
  std::deque<NotificationNumber> settled_order_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_NOTIFY_DELIVERY_QUEUE_H_
