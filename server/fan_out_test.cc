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
            [&told, name](const Batch& batch, const TurnFacts&, absl::Time) {
              told += name;
              EXPECT_EQ(batch.updates.size(), 1);
            },
        .on_store_status = [&told,
                            name](const absl::Status&) { told += name; }};
  };
  const EngineObserver both = FanOut({observer('a'), observer('b')});
  Batch batch;
  batch.updates.push_back(TaskFinished());
  both.on_committed(batch, {}, absl::UnixEpoch());
  EXPECT_EQ(told, "ab");
  both.on_store_status(absl::OkStatus());
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
