// Delivers notifications to the world, again and again until they have arrived.

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

// Posts each notification to the webhook, with one thread for all. Nothing is
// kept on disk: whoever hands a notification over keeps it until
// `attempt_ended` says that it was delivered or given up, and hands all that it
// has kept over again after a restart. So each arrives at least once, and
// repeats carry the same MessageId. They may arrive in another order.
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

  // Takes a notification over, to be attempted from `due_at` on. One that is
  // held is not taken twice; of one that was delivered or given up lately,
  // `attempt_ended` hears its fate again. Never waits. Does nothing after Stop.
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
