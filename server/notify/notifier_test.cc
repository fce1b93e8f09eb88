#include "server/notify/notifier.h"

#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/synchronization/mutex.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/notify/sample_notification.h"
#include "server/notify/sns_message.h"
#include "server/notify/test_receiver.h"

namespace holdline {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

constexpr absl::Duration kPatience = absl::Minutes(1);

class NotifierTest : public ::testing::Test {
 protected:
  std::unique_ptr<Notifier> Start(const NotifyOptions& options) {
    auto notifier =
        Notifier::Start(options,
                        {.on_event =
                             [this](const NotifyEvent& event) {
                               const absl::MutexLock lock(&mutex_);
                               reasons_.push_back(event.reason);
                               failures_.push_back(event.notification.failures);
                             }},
                        [this](const DeliveryEnded& ended) {
                          const absl::MutexLock lock(&mutex_);
                          ended_.push_back(ended);
                        });
    EXPECT_TRUE(notifier.ok()) << notifier.status();
    return notifier.ok() ? *std::move(notifier) : nullptr;
  }

  // Waits for what the notifier says next.
  DeliveryEnded Next() {
    const absl::MutexLock lock(&mutex_);
    const auto has_come = [this] {
      mutex_.AssertReaderHeld();
      return !ended_.empty();
    };
    if (!mutex_.AwaitWithTimeout(absl::Condition(&has_come), kPatience)) {
      ADD_FAILURE() << "nothing was tried";
      return {};
    }
    const DeliveryEnded ended = ended_.front();
    ended_.pop_front();
    return ended;
  }

  static Notification Sample(int number) {
    return SampleNotification(number, absl::Now());
  }

  absl::Mutex mutex_;
  std::deque<DeliveryEnded> ended_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> reasons_ ABSL_GUARDED_BY(mutex_);
  std::vector<int> failures_ ABSL_GUARDED_BY(mutex_);
};

TEST_F(NotifierTest, TriesAgainUntilItIsDelivered) {
  TestReceiver receiver({AnswerOf(503), AnswerOf(429), AnswerOf(200)});
  const auto notifier = Start(OptionsFor(receiver));
  notifier->Deliver(Sample(7));
  for (int i = 0; i < 2; ++i) {
    const DeliveryEnded ended = Next();
    EXPECT_EQ(ended.number, NotificationNumber(7));
    EXPECT_FALSE(ended.delivered);
    EXPECT_LT(ended.retry_at, absl::InfiniteFuture());
  }
  EXPECT_TRUE(Next().delivered);
  notifier->Stop();
  const absl::MutexLock lock(&mutex_);
  EXPECT_THAT(reasons_,
              ElementsAre("answered 503", "answered 429", "answered 200"));
  EXPECT_THAT(failures_, ElementsAre(0, 1, 2));
}

TEST_F(NotifierTest, ARepeatIsTheSameMessage) {
  TestReceiver receiver({AnswerOf(503), AnswerOf(200)});
  const auto notifier = Start(OptionsFor(receiver));
  notifier->Deliver(Sample(7));
  ReceivedPost first = receiver.Next();
  ReceivedPost second = receiver.Next();
  EXPECT_EQ(first.body, second.body);
  EXPECT_EQ(first.headers["x-amz-sns-message-id"],
            second.headers["x-amz-sns-message-id"]);
}

TEST_F(NotifierTest, SignsWithTheTimeOfTheTry) {
  TestReceiver receiver({AnswerOf(200)});
  const absl::Time before = absl::Now();
  const auto notifier = Start(OptionsFor(receiver));
  notifier->Deliver(Sample(7));
  ReceivedPost post = receiver.Next();
  const std::string signature = post.headers["x-holdline-signature"];
  ASSERT_THAT(signature, StartsWith("t="));
  int64_t seconds = 0;
  ASSERT_TRUE(
      absl::SimpleAtoi(signature.substr(2, signature.find(',') - 2), &seconds));
  EXPECT_GE(seconds, absl::ToUnixSeconds(before));
  EXPECT_LE(seconds, absl::ToUnixSeconds(absl::Now()));
  EXPECT_EQ(signature,
            SignatureOf(post.body, kTestKey, absl::FromUnixSeconds(seconds)));
}

TEST_F(NotifierTest, GivesUpWhatIsRefused) {
  TestReceiver receiver({AnswerOf(404)});
  const auto notifier = Start(OptionsFor(receiver));
  notifier->Deliver(Sample(7));
  const DeliveryEnded ended = Next();
  EXPECT_FALSE(ended.delivered);
  EXPECT_EQ(ended.retry_at, absl::InfiniteFuture());
}

TEST_F(NotifierTest, PostsOnceWhatIsHandedOverTwice) {
  TestReceiver receiver({AnswerOf(200)});
  const auto notifier = Start(OptionsFor(receiver));
  notifier->Deliver(Sample(7));
  notifier->Deliver(Sample(7));
  EXPECT_TRUE(Next().delivered);
  notifier->Deliver(Sample(7));
  EXPECT_TRUE(Next().delivered);
  EXPECT_EQ(receiver.count(), 1);
}

TEST_F(NotifierTest, OneThatHangsDoesNotHoldUpTheOthers) {
  TestReceiver receiver({TestReceiver::kSilence, AnswerOf(200)});
  const auto notifier = Start(OptionsFor(receiver));
  notifier->Deliver(Sample(1));
  receiver.Next();
  notifier->Deliver(Sample(2));
  EXPECT_EQ(Next().number, NotificationNumber(2));
}

TEST_F(NotifierTest, ATryIsNotMadeBeforeItIsDue) {
  TestReceiver receiver({AnswerOf(200)});
  const auto notifier = Start(OptionsFor(receiver));
  Notification later = Sample(1);
  later.due_at += absl::Hours(1);
  notifier->Deliver(later);
  notifier->Deliver(Sample(2));
  EXPECT_EQ(Next().number, NotificationNumber(2));
  EXPECT_EQ(receiver.count(), 1);
}

TEST_F(NotifierTest, StopsAtOnceWhileATryHangs) {
  TestReceiver receiver({TestReceiver::kSilence});
  const auto notifier = Start(OptionsFor(receiver));
  notifier->Deliver(Sample(1));
  receiver.Next();
  notifier->Stop();
  notifier->Deliver(Sample(2));
  notifier->Stop();
  const absl::MutexLock lock(&mutex_);
  EXPECT_TRUE(ended_.empty());
  EXPECT_TRUE(reasons_.empty());
}

TEST_F(NotifierTest, WithoutAWebhookEachIsShownOnceAndCountsAsDelivered) {
  const auto notifier = Start({});
  notifier->Deliver(Sample(1));
  EXPECT_TRUE(Next().delivered);
  notifier->Deliver(Sample(2));
  EXPECT_TRUE(Next().delivered);
  notifier->Deliver(Sample(2));
  EXPECT_TRUE(Next().delivered);
  notifier->Stop();
  const absl::MutexLock lock(&mutex_);
  EXPECT_THAT(reasons_,
              ElementsAre("there is no webhook", "there is no webhook"));
}

TEST_F(NotifierTest, DoesNotStartWithAWebhookThatCannotBeUsed) {
  NotifyOptions options = OptionsFor(TestReceiver({AnswerOf(200)}));
  options.key_file = "/nowhere/at/all";
  EXPECT_EQ(Notifier::Start(options, {}, nullptr).status().code(),
            absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace holdline
