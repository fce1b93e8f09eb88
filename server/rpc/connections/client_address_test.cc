// That peers are named as gRPC does it is shown by server_test.cc.

#include "server/rpc/connections/client_address.h"

#include <sys/socket.h>

#include "gtest/gtest.h"
#include "server/rpc/connections/file_descriptor.h"

namespace holdline {
namespace {

TEST(ClientAddress, IsNotKnownOfWhatIsNotConnected) {
  const FileDescriptor lonely(socket(AF_INET, SOCK_STREAM, 0));
  EXPECT_FALSE(ClientAddressOf(lonely.get()).has_value());
  EXPECT_FALSE(ClientAddressOf(-1).has_value());
}

TEST(ClientAddress, IsNotKnownOfWhatIsNotTcp) {
  int pair[2];
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
  const FileDescriptor one(pair[0]);
  const FileDescriptor other(pair[1]);
  EXPECT_FALSE(ClientAddressOf(one.get()).has_value());
}

}  // namespace
}  // namespace holdline
