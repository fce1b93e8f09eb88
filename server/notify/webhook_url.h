// The URL of a webhook.

#ifndef HOLDLINE_SERVER_NOTIFY_WEBHOOK_URL_H_
#define HOLDLINE_SERVER_NOTIFY_WEBHOOK_URL_H_

#include <string>

#include "absl/status/status.h"

namespace holdline {

// Returns OK for `http://HOST[:PORT][/PATH][?QUERY]`, or the same with `https`;
// an address of IPv6 is in brackets. INVALID_ARGUMENT, which says what is wrong
// and does not show the URL, for it may hold a secret: another scheme, no host,
// a port beyond 1 to 65535, a user or a password, a fragment, or characters
// other than printable ASCII.
absl::Status CheckWebhookUrl(const std::string& text);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_NOTIFY_WEBHOOK_URL_H_
