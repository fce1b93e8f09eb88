// What gRPC counts of the connections of a server, where it reads them.

#ifndef HOLDLINE_SERVER_RPC_CONNECTIONS_CHANNELZ_STATS_H_
#define HOLDLINE_SERVER_RPC_CONNECTIONS_CHANNELZ_STATS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace holdline {

// Used by one thread at a time. It does not wait for gRPC's threads, which may
// be busy for long.
class SocketCensus {
 public:
  struct Socket {
    int64_t id;        // greater than any that was given before
    std::string peer;  // as gRPC names it: `ipv4:127.0.0.1:4711`
  };

  virtual ~SocketCensus() = default;

  // Returns the connections that there are with this id or a greater one. One
  // that is just being made may come later than others with greater ids.
  virtual std::vector<Socket> From(int64_t id) = 0;

  // Returns how many calls have been started over a connection, those included
  // of which no handler has learned. 0 if it is gone.
  virtual int64_t CallsStarted(int64_t id) = 0;
};

// That of the server of this process that was started last.
std::unique_ptr<SocketCensus> CensusOfLatestServer();

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CONNECTIONS_CHANNELZ_STATS_H_
