// The receiver of notifications.

#ifndef HOLDLINE_SERVER_NOTIFY_WEBHOOK_H_
#define HOLDLINE_SERVER_NOTIFY_WEBHOOK_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/notify/delivery_outcome.h"
#include "server/notify/http_posts.h"
#include "server/notify/options.h"
#include "server/notify/sns_message.h"

namespace holdline {

// A webhook: the URL that messages are posted to. Immutable, so thread-safe.
class Webhook {
 public:
  // INVALID_ARGUMENT, which names the option: there is no URL, or the URL, the
  // key or the certificates cannot be used.
  static absl::StatusOr<std::unique_ptr<Webhook>> Create(
      const NotifyOptions& options);

  // Begins to post the message once, signed for `now`, as one of `posts`, which
  // calls `ended`. Takes as long as the options allow, at most.
  //
  // 2xx is delivered; 408, 429, 5xx and no answer are retried; any other
  // answer, a redirection included, gives up.
  void Post(const SnsMessage& message, absl::Time now, HttpPosts* posts,
            std::function<void(const DeliveryResult& result)> ended) const;

 private:
  Webhook(std::string url, std::string key, std::string authorities,
          absl::Duration timeout);

  const std::string url_;
  const std::string key_;
  const std::string authorities_;
  const absl::Duration timeout_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_NOTIFY_WEBHOOK_H_
