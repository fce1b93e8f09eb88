#include "server/notify/sns_message.h"

#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "boost/json/object.hpp"
#include "boost/json/serialize.hpp"
#include "server/auth/sigv4/sha256.h"
#include "server/base/uuid.h"

namespace holdline {
namespace {

// The name space of MessageIds, which was chosen once.
constexpr char kNameSpace[] = "50771c16-be5f-5c38-8fcc-ef037b6a6553";

// A line break would end the header, and what follows would be another one.
std::string ForHeader(const std::string& text) {
  std::string value = text;
  for (char& c : value) {
    if (!absl::ascii_isgraph(static_cast<unsigned char>(c))) c = '?';
  }
  return value;
}

std::string Body(const Notification& notification) {
  boost::json::object body;
  body["Type"] = "Notification";
  body["MessageId"] = MessageIdOf(notification);
  body["TopicArn"] = notification.topic;
  if (!notification.subject.empty()) body["Subject"] = notification.subject;
  body["Message"] = notification.message;
  body["Timestamp"] = absl::FormatTime(
      "%Y-%m-%dT%H:%M:%E3SZ", notification.created_at, absl::UTCTimeZone());
  return boost::json::serialize(body);
}

}  // namespace

SnsMessage MakeSnsMessage(const Notification& notification) {
  return {.body = Body(notification),
          .headers = {
              // What SNS says, although the body is JSON.
              {"Content-Type", "text/plain; charset=UTF-8"},
              {"x-amz-sns-message-type", "Notification"},
              {"x-amz-sns-message-id", MessageIdOf(notification)},
              {"x-amz-sns-topic-arn", ForHeader(notification.topic)},
          }};
}

std::string MessageIdOf(const Notification& notification) {
  return NamedUuid(kNameSpace,
                   absl::StrCat(notification.pipeline_id, "/",
                                static_cast<uint64_t>(notification.number)));
}

std::string SignatureOf(absl::string_view body, absl::string_view key,
                        absl::Time now) {
  const std::string seconds = absl::StrCat(absl::ToUnixSeconds(now));
  return absl::StrCat("t=", seconds, ",v1=",
                      ToHex(HmacSha256(key, absl::StrCat(seconds, ".", body))));
}

}  // namespace holdline
