#include "server/gateway/broker_channel.h"

#include <memory>
#include <utility>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"
#include "server/rpc/testing/test_server.h"

namespace holdline {
namespace {

TEST(BrokerChannelTest, NothingOfACallHoldsTheChannelWhenItIsOver) {
  TestServer server;
  const std::shared_ptr<grpc::Channel> channel =
      server.server().InProcessChannel();
  BrokerChannel broker(channel, "");
  const auto owners = channel.use_count();
  const auto* method =
      google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(
          "holdline.v1.DataPipeline.PollForTask");
  const auto input = Parse<v1::PollForTaskInput>(R"(worker_group: "g")");
  absl::Notification over;
  long owners_then = 0;
  // Nobody keeps the call, as when its client has hung up.
  broker.Call(
      method, input, {"id", "", "", kPatience},
      [&](const grpc::Status&, std::unique_ptr<google::protobuf::Message>) {
        owners_then = channel.use_count();
        over.Notify();
      });
  server.Submit(R"(worker_group: "g" type: "T")");
  ASSERT_TRUE(over.WaitForNotificationWithTimeout(kPatience));
  EXPECT_EQ(owners_then, owners);
}

}  // namespace
}  // namespace holdline
