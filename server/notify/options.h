// How notifications are delivered.

#ifndef HOLDLINE_SERVER_NOTIFY_OPTIONS_H_
#define HOLDLINE_SERVER_NOTIFY_OPTIONS_H_

#include <string>

#include "absl/time/time.h"

namespace holdline {

struct NotifyOptions {
  // Where they are posted to: `http://` or `https://` (see webhook_url.h).
  // Empty means that there is no webhook.
  std::string url;

  // The file with the key that signs them (see key_file.h). A webhook needs
  // one.
  std::string key_file;

  // The file with the certificates, in PEM, that the receiver's certificate
  // must stem from. Empty means those that the system trusts.
  std::string ca_file;

  // How long a try may take, from the look-up of the name to the answer.
  absl::Duration timeout = absl::Seconds(10);

  // How long to wait after the first failure, and after any: each wait is twice
  // as long as the one before.
  absl::Duration retry_min = absl::Seconds(1);
  absl::Duration retry_max = absl::Minutes(5);

  // How old a notification is at most when it is tried again.
  absl::Duration retry_for = absl::Hours(24);

  // How many tries are underway at most.
  int parallel_max = 8;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_NOTIFY_OPTIONS_H_
