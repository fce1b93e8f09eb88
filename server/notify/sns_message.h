// A notification as Amazon SNS would post it to a subscriber over HTTP, so that
// receivers of SNS messages need little change.
//
// There is no subscription to confirm or to leave and no certificate of
// Amazon's: SignatureVersion, Signature, SigningCertURL and UnsubscribeURL are
// left out, and a shared key signs instead.

#ifndef HOLDLINE_SERVER_NOTIFY_SNS_MESSAGE_H_
#define HOLDLINE_SERVER_NOTIFY_SNS_MESSAGE_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/pipeline/model/notification.h"

namespace holdline {

struct SnsMessage {
  std::string body;  // JSON, UTF-8

  // Name and value. Characters that a header cannot carry are replaced by `?`.
  std::vector<std::pair<std::string, std::string>> headers;
};

// Returns the message, which is the same each time that it is asked for.
SnsMessage MakeSnsMessage(const Notification& notification);

// Returns the MessageId, by which a receiver tells repeats: the UUID of version
// 5 of `PIPELINE_ID/NUMBER` in the name space of Holdline's notifications.
std::string MessageIdOf(const Notification& notification);

// Returns the value of the header kSignatureHeader: `t=SECONDS,v1=HEX`, where
// SECONDS is `now` in Unix time and HEX the HMAC-SHA256 of `SECONDS.BODY`.
std::string SignatureOf(absl::string_view body, absl::string_view key,
                        absl::Time now);

inline constexpr char kSignatureHeader[] = "x-holdline-signature";

}  // namespace holdline

#endif  // HOLDLINE_SERVER_NOTIFY_SNS_MESSAGE_H_
