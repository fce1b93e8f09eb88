// What becomes of posts whose host takes long to be found. The system's
// resolver is replaced by one that finds nothing until it is told to go on.

#include <netdb.h>

#include <memory>
#include <optional>
#include <string>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/notify/notifier.h"
#include "server/notify/sample_notification.h"
#include "server/notify/test_receiver.h"
#include "server/notify/webhook.h"

namespace holdline {
namespace {

using ::testing::StartsWith;

// A look-up that is underway.
struct SlowLookup {
  absl::Notification begun;
  absl::Notification may_end;
  absl::Notification ended;
};

absl::Mutex mutex(absl::kConstInit);
SlowLookup* lookup ABSL_GUARDED_BY(mutex) = nullptr;

// Makes the next look-up slow, for as long as it lives.
class SlowResolver {
 public:
  SlowResolver() {
    const absl::MutexLock lock(&mutex);
    lookup = &lookup_;
  }

  ~SlowResolver() {
    lookup_.may_end.Notify();
    lookup_.ended.WaitForNotification();
  }

  void AwaitLookup() { lookup_.begun.WaitForNotification(); }

 private:
  SlowLookup lookup_;
};

NotifyOptions Options() {
  return {.url = "http://slow.invalid/",
          .key_file = WriteTestFile("key", kTestKey),
          .ca_file = ""};
}

TEST(NameLookup, ASlowOneEndsWithTheTimeout) {
  SlowResolver resolver;
  NotifyOptions options = Options();
  options.timeout = absl::Milliseconds(20);
  const auto webhook = Webhook::Create(options);
  ASSERT_TRUE(webhook.ok()) << webhook.status();
  HttpPosts posts;
  std::optional<DeliveryResult> result;
  (*webhook)->Post(MakeSnsMessage(SampleNotification(1, absl::Now())),
                   absl::Now(), &posts,
                   [&](const DeliveryResult& found) { result = found; });
  while (!result.has_value()) posts.Run(absl::Minutes(1));
  EXPECT_EQ(result->outcome, DeliveryOutcome::kRetry);
  EXPECT_THAT(result->reason, StartsWith("cannot find the host: "));
}

TEST(NameLookup, ASlowOneDoesNotHoldUpAStop) {
  SlowResolver resolver;
  auto notifier = Notifier::Start(Options(), {}, [](const DeliveryEnded&) {});
  ASSERT_TRUE(notifier.ok()) << notifier.status();
  (*notifier)->Deliver(SampleNotification(1, absl::Now()));
  resolver.AwaitLookup();
  (*notifier)->Stop();
  notifier->reset();
}

}  // namespace
}  // namespace holdline

// What libcurl calls instead of the C library's.
extern "C" int getaddrinfo(const char*, const char*, const addrinfo*,
                           addrinfo**) {
  holdline::SlowLookup* lookup = nullptr;
  {
    const absl::MutexLock lock(&holdline::mutex);
    std::swap(lookup, holdline::lookup);
  }
  if (lookup == nullptr) return EAI_NONAME;
  lookup->begun.Notify();
  lookup->may_end.WaitForNotification();
  lookup->ended.Notify();
  return EAI_NONAME;
}
