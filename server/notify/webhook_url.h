// The URL of a webhook.

#ifndef HOLDLINE_SERVER_NOTIFY_WEBHOOK_URL_H_
#define HOLDLINE_SERVER_NOTIFY_WEBHOOK_URL_H_

#include <string>

#include "absl/status/statusor.h"

namespace holdline {

struct WebhookUrl {
  bool encrypted = false;  // `https`

  // A name or an address; one of IPv6 has no brackets.
  std::string host;
  std::string port;  // `443` or `80` if the URL has none

  // As the header `Host` shows host and port.
  std::string authority;

  // The path with the query; `/` if the URL has none.
  std::string target;
};

// Reads `http://HOST[:PORT][/PATH][?QUERY]`, or the same with `https`.
// INVALID_ARGUMENT, which says what is wrong and does not show the URL, for it
// may hold a secret: another scheme, no host, a port beyond 1 to 65535, a user
// or a password, a fragment, or characters other than printable ASCII.
absl::StatusOr<WebhookUrl> ReadWebhookUrl(const std::string& text);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_NOTIFY_WEBHOOK_URL_H_
