#include "server/fan_out.h"

#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

TEST(FanOutTest, EachEngineObserverIsToldInOrder) {
  std::string told;
  const auto observer = [&](char name) {
    return EngineObserver{
        .on_committed =
            [&told, name](const Batch& batch, const PipelineBatch& pipelines,
                          const TurnFacts&, absl::Time) {
              told += name;
              EXPECT_EQ(batch.updates.size(), 1);
              EXPECT_EQ(pipelines.facts.size(), 2);
            },
        .on_store_status = [&told,
                            name](const absl::Status&) { told += name; }};
  };
  const EngineObserver both = FanOut({observer('a'), observer('b')});
  Batch batch;
  batch.updates.push_back(TaskFinished());
  PipelineBatch pipelines;
  pipelines.facts.resize(2);
  both.on_committed(batch, pipelines, {}, absl::UnixEpoch());
  EXPECT_EQ(told, "ab");
  both.on_store_status(absl::OkStatus());
  EXPECT_EQ(told, "abab");
}

TEST(FanOutTest, EachObserverOfTheNotifierIsToldInOrder) {
  std::string told;
  const auto observer = [&](char name) {
    return NotifyObserver{
        .on_event = [&told, name](const NotifyEvent&) { told += name; }};
  };
  const Notification notification;
  FanOut({observer('a'), observer('b')}).on_event({notification, {}, ""});
  EXPECT_EQ(told, "ab");
}

TEST(FanOutTest, EachObserverOfTheGatewayIsToldInOrder) {
  std::string told;
  const auto observer = [&](char name) {
    return GatewayObserver{
        .on_refused = [&told, name](const RefusedRequest&) { told += name; },
        .on_tls_files = [&told, name](const absl::Status&) { told += name; }};
  };
  const GatewayObserver both = FanOut({observer('a'), observer('b')});
  both.on_refused({});
  both.on_tls_files(absl::OkStatus());
  EXPECT_EQ(told, "abab");
}

TEST(FanOutTest, WhoDoesNotListenIsPassedOver) {
  int calls = 0;
  int polls = 0;
  const RpcObserver both =
      FanOut({RpcObserver{.on_call = [&](const CallFacts&) { ++calls; },
                          .on_poll = nullptr},
              RpcObserver{.on_call = nullptr,
                          .on_poll = [&](const PollFacts&) { ++polls; }}});
  both.on_call({});
  both.on_poll({});
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(polls, 1);
}

}  // namespace
}  // namespace holdline
