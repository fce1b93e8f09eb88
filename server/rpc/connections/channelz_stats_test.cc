#include "server/rpc/connections/channelz_stats.h"

#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/rpc/testing/raw_call.h"
#include "server/rpc/testing/test_server.h"

namespace holdline {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

// Makes calls over a connection of their own, which lives as long as the
// channel.
std::shared_ptr<grpc::Channel> Call(TestServer& server, int times) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  auto channel = grpc::CreateCustomChannel(
      server.server().address(), grpc::InsecureChannelCredentials(), arguments);
  for (int i = 0; i < times; ++i) {
    EXPECT_TRUE(
        RawCall(channel, "/holdline.v1.Operator/ListGroups", "").status.ok());
  }
  return channel;
}

TEST(ChannelzStatsTest, CountsTheCallsOfAConnection) {
  TestServer server;
  const auto channelz = ChannelzStatsOfLatestServer();
  EXPECT_THAT(channelz->SocketsFrom(0), IsEmpty());
  const auto channel = Call(server, 3);
  const std::vector<ChannelzStats::Socket> sockets = channelz->SocketsFrom(0);
  ASSERT_THAT(sockets, SizeIs(1));
  EXPECT_THAT(sockets[0].peer, StartsWith("ipv4:127.0.0.1:"));
  EXPECT_EQ(channelz->StreamsStarted(sockets[0].id), 3);
  EXPECT_THAT(channelz->SocketsFrom(sockets[0].id), SizeIs(1));
  EXPECT_THAT(channelz->SocketsFrom(sockets[0].id + 1), IsEmpty());
  EXPECT_EQ(channelz->StreamsStarted(sockets[0].id + 1000000), 0);
}

TEST(ChannelzStatsTest, ListsAllConnectionsHoweverMany) {
  TestServer server;
  std::vector<std::shared_ptr<grpc::Channel>> channels;
  for (int i = 0; i < 120; ++i) channels.push_back(Call(server, 1));
  EXPECT_THAT(ChannelzStatsOfLatestServer()->SocketsFrom(0), SizeIs(120));
}

TEST(ChannelzStatsTest, ReadsTheLatestServer) {
  TestServer first;
  const auto stats_of_first = ChannelzStatsOfLatestServer();
  TestServer second;
  const auto channel = Call(first, 1);
  EXPECT_THAT(stats_of_first->SocketsFrom(0), SizeIs(1));
  EXPECT_THAT(ChannelzStatsOfLatestServer()->SocketsFrom(0), IsEmpty());
}

}  // namespace
}  // namespace holdline
