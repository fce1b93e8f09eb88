// The channelz statistics of a server's connections, read from gRPC's
// internals.

#ifndef HOLDLINE_SERVER_RPC_CONNECTIONS_CHANNELZ_STATS_H_
#define HOLDLINE_SERVER_RPC_CONNECTIONS_CHANNELZ_STATS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace holdline {

// Used by one thread at a time. Does not wait for gRPC's threads, which may be
// busy for long.
class ChannelzStats {
 public:
  struct Socket {
    int64_t id;        // greater than those of older ones
    std::string peer;  // as gRPC names it: `ipv4:127.0.0.1:4711`
  };

  virtual ~ChannelzStats() = default;

  // Returns the open connections with this id or a greater one. One that is
  // being created may appear after others with greater ids.
  virtual std::vector<Socket> SocketsFrom(int64_t id) = 0;

  // Returns the number of calls started on a connection, including those that
  // have reached no handler; 0 if it is closed.
  virtual int64_t StreamsStarted(int64_t id) = 0;
};

// The statistics of the server of this process that was started last.
std::unique_ptr<ChannelzStats> ChannelzStatsOfLatestServer();

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CONNECTIONS_CHANNELZ_STATS_H_
