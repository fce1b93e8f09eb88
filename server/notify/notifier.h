// The delivery of notifications, with retries.

#ifndef HOLDLINE_SERVER_NOTIFY_NOTIFIER_H_
#define HOLDLINE_SERVER_NOTIFY_NOTIFIER_H_

#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "server/notify/observer.h"
#include "server/notify/options.h"
#include "server/pipeline/model/command.h"
#include "server/pipeline/model/notification.h"

namespace holdline {

// Posts each notification to the webhook, on one thread for all. Nothing is
// kept on disk: the caller keeps a notification until `attempt_ended` reports
// that it was delivered or given up, and hands over all that it has kept after
// a restart. So each arrives at least once; repeats carry the same MessageId.
// The order may change.
//
// Thread-safe.
class Notifier {
 public:
  // Called at the end of each attempt, on the notifier's thread; must not
  // block. A finite `retry_at` is informational: the notifier retries by
  // itself.
  using AttemptEnded = std::function<void(const DeliveryEnded& result)>;

  // Starts the thread. Without a webhook (an empty URL) every notification is
  // shown to the observer once and counts as delivered. INVALID_ARGUMENT, which
  // names the option: the webhook cannot be used (see Webhook::Create).
  static absl::StatusOr<std::unique_ptr<Notifier>> Start(
      NotifyOptions options, NotifyObserver observer,
      AttemptEnded attempt_ended);

  // Stops, if that was not done.
  ~Notifier();

  Notifier(const Notifier&) = delete;
  Notifier& operator=(const Notifier&) = delete;

  // Takes a notification over, to be attempted from `due_at` on. No-op if it is
  // held already; for one that was delivered or given up lately,
  // `attempt_ended` gets the result again. Never waits. No-op after Stop.
  void Deliver(Notification notification);

  // Cancels the attempts that are underway, without waiting for the network,
  // and drops all that is held. When it returns, no function is called any
  // more. Must not be called by one of them.
  void Stop();

 private:
  class Loop;

  explicit Notifier(std::unique_ptr<Loop> loop);

  const std::unique_ptr<Loop> loop_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_NOTIFY_NOTIFIER_H_
