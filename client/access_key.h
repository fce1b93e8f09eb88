// The access key that a client authenticates with.

#ifndef HOLDLINE_CLIENT_ACCESS_KEY_H_
#define HOLDLINE_CLIENT_ACCESS_KEY_H_

#include <string>

#include "absl/status/statusor.h"

namespace holdline::client {

// An access key and its secret. Empty for clients that authenticate with a
// certificate, and for servers without authentication.
struct AccessKey {
  std::string id;
  std::string secret;

  // Of temporary credentials; empty for others.
  std::string session_token;

  bool empty() const { return id.empty(); }
};

// Returns the access key in the file at `path`, which is what `holdline --json
// credentials create` prints: an object with `accessKey`, `secret` and perhaps
// `sessionToken`. INVALID_ARGUMENT, which names the file and never shows its
// content: it cannot be read, users other than its owner and its group may read
// it, or it is no such object.
absl::StatusOr<AccessKey> ReadAccessKey(const std::string& path);

// Returns the access key of HOLDLINE_ACCESS_KEY, HOLDLINE_SECRET and
// HOLDLINE_SESSION_TOKEN; an empty one if the first is not set.
// INVALID_ARGUMENT: the first is set and the second is not.
absl::StatusOr<AccessKey> AccessKeyOfEnvironment();

// Removes these three variables and overwrites their values, so that neither a
// child of this process nor who reads its /proc/PID/environ finds them. No
// other thread may use the environment meanwhile.
void ForgetAccessKeyOfEnvironment();

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_ACCESS_KEY_H_
