// Options of notification delivery.

#ifndef HOLDLINE_SERVER_NOTIFY_OPTIONS_H_
#define HOLDLINE_SERVER_NOTIFY_OPTIONS_H_

#include <string>

#include "absl/time/time.h"

namespace holdline {

struct NotifyOptions {
  // The webhook: `http://` or `https://` (see webhook_url.h). Empty means none.
  std::string url;

  // The file with the key that signs them (see key_file.h). A webhook needs
  // one.
  std::string key_file;

  // The file with the CA certificates, in PEM, that the receiver's certificate
  // is verified against. Empty means those of the system.
  std::string ca_file;

  // The time limit of a delivery attempt, from the name look-up to the
  // response.
  absl::Duration timeout = absl::Seconds(10);

  // The first and the longest wait between attempts: each wait is twice as long
  // as the one before.
  absl::Duration retry_min = absl::Seconds(1);
  absl::Duration retry_max = absl::Minutes(5);

  // The age up to which a notification is retried.
  absl::Duration retry_for = absl::Hours(24);

  // The most attempts at the same time.
  int parallel_max = 8;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_NOTIFY_OPTIONS_H_
