#include "server/rpc/connections/connection_acceptor.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/rpc/connections/client_address.h"

namespace holdline {
namespace {

using ::testing::HasSubstr;

constexpr absl::Duration kPatience = absl::Seconds(30);

// A client's end of a connection, of which the machine may have either kind.
FileDescriptor Connect(const std::string& host, int port) {
  sockaddr_in ipv4 = {};
  ipv4.sin_family = AF_INET;
  ipv4.sin_port = htons(static_cast<uint16_t>(port));
  sockaddr_in6 ipv6 = {};
  ipv6.sin6_family = AF_INET6;
  ipv6.sin6_port = ipv4.sin_port;
  const bool is_ipv4 = inet_pton(AF_INET, host.c_str(), &ipv4.sin_addr) == 1;
  inet_pton(AF_INET6, host.c_str(), &ipv6.sin6_addr);
  FileDescriptor client(socket(is_ipv4 ? AF_INET : AF_INET6, SOCK_STREAM, 0));
  const int failed =
      is_ipv4 ? connect(client.get(), reinterpret_cast<sockaddr*>(&ipv4),
                        sizeof(ipv4))
              : connect(client.get(), reinterpret_cast<sockaddr*>(&ipv6),
                        sizeof(ipv6));
  EXPECT_EQ(failed, 0);
  return client;
}

void Say(const FileDescriptor& client) {
  EXPECT_EQ(send(client.get(), "x", 1, MSG_NOSIGNAL), 1);
}

// Waits until the server closes the connection.
void AwaitEnd(const FileDescriptor& client) {
  char byte;
  while (recv(client.get(), &byte, 1, 0) > 0) continue;
}

// Fake channelz statistics.
class Calls {
 public:
  // The next connection is being made: it is hidden until its calls are set.
  void Prepare(const std::string& peer) { Start(peer, kHidden); }

  void Start(const std::string& peer, int64_t calls) {
    absl::MutexLock lock(&mutex_);
    for (auto& [known, count] : started_) {
      if (known == peer) {
        count = calls;
        return;
      }
    }
    started_.emplace_back(peer, calls);
  }

  // Waits until connections have been listed once more.
  void AwaitTold() {
    absl::MutexLock lock(&mutex_);
    const int before = told_;
    const auto more = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return told_ > before;
    };
    EXPECT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&more), kPatience));
  }

  // Outlived by this.
  std::unique_ptr<ChannelzStats> Channelz() {
    return std::make_unique<Answers>(this);
  }

 private:
  static constexpr int64_t kHidden = -1;

  class Answers final : public ChannelzStats {
   public:
    explicit Answers(Calls* calls) : calls_(calls) {}

    std::vector<Socket> SocketsFrom(int64_t id) override {
      absl::MutexLock lock(&calls_->mutex_);
      std::vector<Socket> sockets;
      for (; id <= static_cast<int64_t>(calls_->started_.size()); ++id) {
        const auto& [peer, calls] = calls_->started_[id - 1];
        if (calls != kHidden) sockets.push_back({id, peer});
      }
      ++calls_->told_;
      return sockets;
    }

    int64_t StreamsStarted(int64_t id) override {
      absl::MutexLock lock(&calls_->mutex_);
      return calls_->started_[id - 1].second;
    }

   private:
    Calls* const calls_;
  };

  absl::Mutex mutex_;
  std::vector<std::pair<std::string, int64_t>> started_ ABSL_GUARDED_BY(mutex_);
  int told_ ABSL_GUARDED_BY(mutex_) = 0;
};

class ConnectionAcceptorTest : public testing::Test {
 protected:
  void Start(const ConnectionLimits& limits,
             const std::string& host = "127.0.0.1") {
    acceptor_ = std::make_unique<ConnectionAcceptor>(limits, &observer_);
    auto port = acceptor_->Listen({host, 0}, absl::Seconds(20));
    ASSERT_TRUE(port.ok()) << port.status();
    port_ = *port;
    acceptor_->Start(
        [this](int socket) {
          absl::MutexLock lock(&mutex_);
          served_.emplace_back(socket);
        },
        calls_.Channelz());
  }

  FileDescriptor Client(const std::string& host = "127.0.0.1") {
    FileDescriptor client = Connect(host, port_);
    Say(client);
    return client;
  }

  // Waits until so many have been served, and returns the peer of the last.
  std::string AwaitServed(size_t count) {
    absl::MutexLock lock(&mutex_);
    const auto enough = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return served_.size() >= count;
    };
    EXPECT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&enough), kPatience));
    EXPECT_EQ(served_.size(), count);
    const auto address = ClientAddressOf(served_.back().get());
    return address.has_value() ? address->peer : "";
  }

  // Ends the connection that was served last, as gRPC does.
  void EndServed() {
    absl::MutexLock lock(&mutex_);
    shutdown(served_.back().get(), SHUT_RDWR);
    served_.back().Reset();
  }

  void AwaitCounts(const ConnectionCounts& expected) {
    absl::MutexLock lock(&mutex_);
    const auto same = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return counts_.silent == expected.silent &&
             counts_.pending == expected.pending &&
             counts_.unauthenticated == expected.unauthenticated &&
             counts_.authenticated == expected.authenticated;
    };
    EXPECT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&same), kPatience))
        << counts_.silent << " " << counts_.pending << " "
        << counts_.unauthenticated << " " << counts_.authenticated;
  }

  absl::Mutex mutex_;
  std::vector<FileDescriptor> served_ ABSL_GUARDED_BY(mutex_);
  ConnectionCounts counts_ ABSL_GUARDED_BY(mutex_);
  const ConnectionObserver observer_ = {
      .on_counts = [this](const ConnectionCounts& counts) {
        absl::MutexLock lock(&mutex_);
        counts_ = counts;
      }};
  int port_ = 0;
  Calls calls_;
  std::unique_ptr<ConnectionAcceptor> acceptor_;
};

TEST_F(ConnectionAcceptorTest, ServesAConnectionWithDataFromItsFirstByte) {
  Start({});
  const FileDescriptor silent = Connect("127.0.0.1", port_);
  const FileDescriptor client = Client();
  AwaitServed(1);
  AwaitCounts({.silent = 1, .unauthenticated = 1});
  char byte = 0;
  absl::MutexLock lock(&mutex_);
  EXPECT_EQ(read(served_.back().get(), &byte, 1), 1);
  EXPECT_EQ(byte, 'x');
}

TEST_F(ConnectionAcceptorTest, ServesTheNextWhenAConnectionAuthenticates) {
  Start({.unauthenticated_max = 1});
  const FileDescriptor first = Client();
  const std::string peer = AwaitServed(1);
  const FileDescriptor second = Client();
  AwaitCounts({.pending = 1, .unauthenticated = 1});
  EXPECT_TRUE(acceptor_->has_unauthenticated());
  acceptor_->MarkAuthenticated("ipv4:127.0.0.1:1");
  acceptor_->MarkAuthenticated(peer);
  AwaitServed(2);
  AwaitCounts({.unauthenticated = 1, .authenticated = 1});
}

TEST_F(ConnectionAcceptorTest, NoticesThatAConnectionWasClosedHere) {
  Start({});
  const FileDescriptor client = Client();
  acceptor_->MarkAuthenticated(AwaitServed(1));
  AwaitCounts({.authenticated = 1});
  EndServed();
  AwaitCounts({});
}

TEST_F(ConnectionAcceptorTest, WhatWasSentArrivesThoughTheConnectionIsClosed) {
  Start({});
  const FileDescriptor client = Client();
  AwaitServed(1);
  ssize_t left = 0;
  {
    absl::MutexLock lock(&mutex_);
    char byte;
    EXPECT_EQ(read(served_.back().get(), &byte, 1), 1);
    const std::string much(100000, 'x');
    while (true) {
      const ssize_t more =
          send(served_.back().get(), much.data(), much.size(), MSG_NOSIGNAL);
      if (more <= 0) break;
      left += more;
    }
  }
  EndServed();
  AwaitCounts({});
  char bytes[4096];
  ssize_t size = 0;
  while ((size = recv(client.get(), bytes, sizeof(bytes), 0)) > 0) left -= size;
  EXPECT_EQ(size, 0);
  EXPECT_EQ(left, 0);
}

TEST_F(ConnectionAcceptorTest, AnEndedConnectionCountsUntilGrpcHasClosedIt) {
  Start({.unauthenticated_max = 1});
  FileDescriptor first = Client();
  AwaitServed(1);
  const FileDescriptor second = Client();
  AwaitCounts({.pending = 1, .unauthenticated = 1});
  first.Reset();
  const FileDescriptor silent = Connect("127.0.0.1", port_);
  AwaitCounts({.silent = 1, .pending = 1, .unauthenticated = 1});
  EndServed();
  AwaitServed(2);
}

TEST_F(ConnectionAcceptorTest, AConnectionThatEndsWhilePendingIsNotServed) {
  Start({.unauthenticated_max = 1});
  const FileDescriptor first = Client();
  const std::string peer = AwaitServed(1);
  FileDescriptor second = Client();
  AwaitCounts({.pending = 1, .unauthenticated = 1});
  second.Reset();
  AwaitCounts({.unauthenticated = 1});
  acceptor_->MarkAuthenticated(peer);
  AwaitCounts({.authenticated = 1});
  AwaitServed(1);
}

TEST_F(ConnectionAcceptorTest,
       AnUnauthenticatedConnectionTimesOutWhileOthersWait) {
  Start({.unauthenticated_max = 1,
         .authentication_timeout = absl::Milliseconds(1)});
  const FileDescriptor first = Client();
  AwaitServed(1);
  const FileDescriptor second = Client();
  AwaitEnd(first);
  EndServed();
  AwaitServed(2);
}

TEST_F(ConnectionAcceptorTest,
       AnUnauthenticatedConnectionWithTooManyCallsIsClosed) {
  Start({.unauthenticated_calls_max = 10});
  const FileDescriptor quiet = Client();
  calls_.Start(AwaitServed(1), 1);
  const FileDescriptor loud = Client();
  calls_.Start(AwaitServed(2), 10);
  AwaitEnd(loud);
  AwaitCounts({.unauthenticated = 2});
  EndServed();
  AwaitCounts({.unauthenticated = 1});
}

TEST_F(ConnectionAcceptorTest,
       CallsAreCountedWhenAnUnauthenticatedConnectionReceivesData) {
  Start({.unauthenticated_calls_max = 10});
  const FileDescriptor client = Client();
  const std::string peer = AwaitServed(1);
  calls_.Start(peer, 10);
  for (int turn = 0; turn < 3; ++turn) Say(client);
  calls_.Start(peer, 11);
  Say(client);
  AwaitEnd(client);
}

TEST_F(ConnectionAcceptorTest, AConnectionThatIsMadeSlowlyIsCountedToo) {
  Start({.unauthenticated_calls_max = 10});
  const FileDescriptor slow = Client();
  const std::string peer = AwaitServed(1);
  calls_.Prepare(peer);
  const FileDescriptor quick = Client();
  calls_.Start(AwaitServed(2), 1);
  Say(quick);
  calls_.AwaitTold();
  calls_.Start(peer, 11);
  Say(slow);
  AwaitEnd(slow);
}

TEST_F(ConnectionAcceptorTest, DataBeforeAResetIsDropped) {
  Start({});
  FileDescriptor client = Client();
  AwaitServed(1);
  const linger at_once = {1, 0};
  setsockopt(client.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  client.Reset();
  // Who comes after that is seen after that.
  const FileDescriptor silent = Connect("127.0.0.1", port_);
  AwaitCounts({.silent = 1, .unauthenticated = 1});
  absl::MutexLock lock(&mutex_);
  char byte;
  EXPECT_LE(recv(served_.back().get(), &byte, 1, 0), 0);
}

TEST_F(ConnectionAcceptorTest, TooManyOfAnAddressAreClosed) {
  Start({.per_address_max = 1});
  const FileDescriptor first = Client();
  AwaitServed(1);
  AwaitEnd(Connect("127.0.0.1", port_));
  AwaitCounts({.unauthenticated = 1});
}

TEST_F(ConnectionAcceptorTest, TooManyFailedCallsCloseAConnection) {
  Start({});
  const FileDescriptor client = Client();
  const std::string peer = AwaitServed(1);
  acceptor_->MarkAuthenticated(peer);
  for (int i = 0; i <= ConnectionAdmission::kFailedCallsMax; ++i) {
    acceptor_->CountFailedCall(peer, absl::UnixEpoch());
  }
  AwaitEnd(client);
  AwaitCounts({});
}

TEST_F(ConnectionAcceptorTest, WhenItStopsAllEndBehindWhatWasSent) {
  Start({});
  const FileDescriptor served = Client();
  acceptor_->MarkAuthenticated(AwaitServed(1));
  const FileDescriptor silent = Connect("127.0.0.1", port_);
  AwaitCounts({.silent = 1, .authenticated = 1});
  {
    absl::MutexLock lock(&mutex_);
    char byte;
    EXPECT_EQ(read(served_.back().get(), &byte, 1), 1);
    EXPECT_EQ(send(served_.back().get(), "y", 1, MSG_NOSIGNAL), 1);
  }
  acceptor_->Stop();
  acceptor_->Stop();
  AwaitEnd(silent);
  char bytes[2];
  EXPECT_EQ(recv(served.get(), bytes, 2, 0), 1);
  EXPECT_EQ(recv(served.get(), bytes, 2, 0), 0);
  absl::MutexLock lock(&mutex_);
  EXPECT_EQ(send(served_.back().get(), "z", 1, MSG_NOSIGNAL), -1);
}

TEST_F(ConnectionAcceptorTest, AWildcardTakesBothProtocols) {
  for (const std::string wildcard : {"0.0.0.0", "::"}) {
    ConnectionAcceptor acceptor({}, &observer_);
    auto port = acceptor.Listen({wildcard, 0}, absl::Seconds(20));
    ASSERT_TRUE(port.ok()) << port.status();
    Connect("127.0.0.1", *port);
    Connect("::1", *port);
  }
}

TEST_F(ConnectionAcceptorTest, SaysWhyItCannotListen) {
  Start({});
  ConnectionAcceptor second({}, &observer_);
  const auto port = second.Listen({"127.0.0.1", port_}, absl::Seconds(20));
  EXPECT_EQ(port.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(port.status().message()), HasSubstr("in use"));
}

}  // namespace
}  // namespace holdline
