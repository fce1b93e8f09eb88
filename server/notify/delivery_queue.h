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
// The last kSettledMax that were delivered or given up are remembered, so that
// one which is handed over again, because the store did not learn of its fate,
// is not sent again.
class DeliveryQueue {
 public:
  static constexpr int kSettledMax = 10000;

  // The options must outlive the queue.
  explicit DeliveryQueue(const NotifyOptions& options);

  // Adds a notification, to be attempted when it is due; no-op if it is held
  // already. Returns its result if it was settled before.
  std::optional<DeliveryEnded> Add(Notification notification);

  // Begins an attempt: returns the one that has been due the longest, or null
  // if none is due at `now` or `parallel_max` attempts are underway. It stays
  // valid and unchanged until its attempt ends.
  const Notification* BeginDelivery(absl::Time now);

  // When BeginDelivery will have one, if no attempt ends before: infinite
  // future if none.
  absl::Time NextDelivery() const;

  // Ends the attempt of `number`, which is underway. One to be retried is due
  // after the wait of options.h, or given up if it would be too old.
  DeliveryEnded EndDelivery(NotificationNumber number, DeliveryOutcome outcome,
                            absl::Time now);

  // How many are held.
  size_t size() const { return held_.size(); }

 private:
  // When one that fails at `now` is retried: infinite future for never.
  absl::Time RetryTime(const Notification& notification, absl::Time now) const;

  void Remember(const DeliveryEnded& fate);

  const NotifyOptions& options_;

  // A node does not move, which BeginDelivery promises.
  absl::node_hash_map<NotificationNumber, Notification> held_;

  // Of those held the ones whose attempt is not underway, by when they are due.
  std::set<std::pair<absl::Time, NotificationNumber>> waiting_;

  int underway_ = 0;

  absl::flat_hash_map<NotificationNumber, DeliveryEnded> settled_;
  std::deque<NotificationNumber> settled_order_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_NOTIFY_DELIVERY_QUEUE_H_
