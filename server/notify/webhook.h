// The receiver of notifications.

#ifndef HOLDLINE_SERVER_NOTIFY_WEBHOOK_H_
#define HOLDLINE_SERVER_NOTIFY_WEBHOOK_H_

#include <chrono>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "boost/asio/awaitable.hpp"
#include "boost/asio/ssl/context.hpp"
#include "boost/beast/http/message.hpp"
#include "boost/beast/http/string_body.hpp"
#include "server/notify/options.h"
#include "server/notify/sns_message.h"
#include "server/notify/try_outcome.h"
#include "server/notify/webhook_url.h"

namespace holdline {

// Posts messages to one URL. Immutable, except that posts share OpenSSL's
// context: use it on one thread.
class Webhook {
 public:
  // INVALID_ARGUMENT, which names the option: there is no URL, or the URL, the
  // key or the certificates cannot be used.
  static absl::StatusOr<std::unique_ptr<Webhook>> Create(
      const NotifyOptions& options);

  // Posts the message once, signed for `now`, over a connection of its own that
  // is encrypted if the URL says so; then the receiver's certificate must be
  // valid for the host. Takes as long as the options allow, at most. The
  // webhook and the message must outlive it.
  //
  // 2xx is delivered; 408, 429, 5xx and no answer may be tried again; any other
  // answer gives up. A redirection is not followed. An answer is read as far as
  // its headers, which have kAnswerBytesMax at most.
  boost::asio::awaitable<TryResult> Post(const SnsMessage& message,
                                         absl::Time now);

  static constexpr int kAnswerBytesMax = 16 << 10;

 private:
  using Request = boost::beast::http::request<boost::beast::http::string_body>;

  Webhook(WebhookUrl url, std::string key, absl::Duration timeout);

  Request MakeRequest(const SnsMessage& message, absl::Time now) const;

  const WebhookUrl url_;
  const std::string key_;
  const std::chrono::nanoseconds timeout_;
  boost::asio::ssl::context encryption_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_NOTIFY_WEBHOOK_H_
