#include "server/notify/sns_message.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/notify/sample_notification.h"

namespace holdline {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;

Notification Sample() {
  return SampleNotification(7, absl::FromUnixMillis(1335920046655));
}

TEST(SnsMessage, LooksLikeOneOfSns) {
  const SnsMessage message = MakeSnsMessage(Sample());
  EXPECT_EQ(message.body,
            "{\"Type\":\"Notification\","
            "\"MessageId\":\"fefe71f4-3dd4-5908-ae64-935dd59610cc\","
            "\"TopicArn\":\"arn:aws:sns:us-east-1:1:late\","
            "\"Subject\":\"Late\","
            "\"Message\":\"Copy is \\\"late\\\"\\nagain: é\","
            "\"Timestamp\":\"2012-05-02T00:54:06.655Z\"}");
  EXPECT_THAT(
      message.headers,
      ::testing::UnorderedElementsAre(
          Pair("Content-Type", "text/plain; charset=UTF-8"),
          Pair("x-amz-sns-message-type", "Notification"),
          Pair("x-amz-sns-message-id", "fefe71f4-3dd4-5908-ae64-935dd59610cc"),
          Pair("x-amz-sns-topic-arn", "arn:aws:sns:us-east-1:1:late")));
}

TEST(SnsMessage, HasNoSubjectIfThereIsNone) {
  Notification notification = Sample();
  notification.subject = "";
  EXPECT_THAT(MakeSnsMessage(notification).body, Not(HasSubstr("Subject")));
}

// What Python says to uuid5(UUID("50771c16-be5f-5c38-8fcc-ef037b6a6553"),
// "df-0937003356ZJEXAMPLE/7").
TEST(SnsMessage, ItsIdFollowsFromPipelineAndNumberAlone) {
  Notification notification = Sample();
  const std::string id = MessageIdOf(notification);
  EXPECT_EQ(id, "fefe71f4-3dd4-5908-ae64-935dd59610cc");
  notification.failures = 3;
  notification.due_at += absl::Hours(1);
  EXPECT_EQ(MessageIdOf(notification), id);
  notification.number = NotificationNumber(8);
  EXPECT_NE(MessageIdOf(notification), id);
  notification.number = NotificationNumber(7);
  notification.pipeline_id = "df-1";
  EXPECT_NE(MessageIdOf(notification), id);
}

TEST(SnsMessage, ATopicCannotAddHeaders) {
  Notification notification = Sample();
  notification.topic = "arn\r\nx-evil: 1";
  EXPECT_THAT(MakeSnsMessage(notification).headers,
              Contains(Pair("x-amz-sns-topic-arn", "arn??x-evil:?1")));
}

// What Python says to hmac.new(b"0123456789abcdef", b'1700000000.{"a":1}',
// "sha256").
TEST(SnsMessage, IsSignedWithItsTime) {
  EXPECT_EQ(SignatureOf("{\"a\":1}", "0123456789abcdef",
                        absl::FromUnixSeconds(1700000000)),
            "t=1700000000,v1="
            "9eb18f493f8ec135d9eb2dad817c369bb4e9cbfa818657897a7437c1cd8c3a23");
}

}  // namespace
}  // namespace holdline
