// The acceptor of the gRPC server's connections; it replaces gRPC's own, which
// has no limits.

#ifndef HOLDLINE_SERVER_RPC_CONNECTIONS_CONNECTION_ACCEPTOR_H_
#define HOLDLINE_SERVER_RPC_CONNECTIONS_CONNECTION_ACCEPTOR_H_

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/base/listen_address.h"
#include "server/rpc/connections/channelz_stats.h"
#include "server/rpc/connections/connection_admission.h"
#include "server/rpc/connections/connection_limits.h"
#include "server/rpc/connections/file_descriptor.h"
#include "server/rpc/connections/observer.h"

namespace holdline {

// One thread, which sleeps while connections neither come nor go: data on
// authenticated connections does not wake it. It asks channelz how many calls
// unauthenticated connections have started, because a flood of calls can keep
// gRPC's threads from running any handler.
//
// It holds a duplicate of each socket's descriptor and so learns that a
// connection has ended: gRPC shuts a socket down before it closes it.
//
// Thread-safe, but for Listen, Start and Stop, which one thread calls, in this
// order.
class ConnectionAcceptor {
 public:
  // Serves a connection from its first byte. Takes ownership of the socket.
  using Serve = std::function<void(int socket)>;

  // `observer` outlives this.
  ConnectionAcceptor(const ConnectionLimits& limits,
                     const ConnectionObserver* observer);

  // Stops.
  ~ConnectionAcceptor();

  ConnectionAcceptor(const ConnectionAcceptor&) = delete;
  ConnectionAcceptor& operator=(const ConnectionAcceptor&) = delete;

  // Begins to listen: clients can connect, and wait. Either wildcard, 0.0.0.0
  // or ::, accepts IPv4 and IPv6 where the host has both. A connection ends
  // when data is not acknowledged within `unacknowledged_max`. Returns the
  // port. UNAVAILABLE, with the reason: the address cannot be listened on.
  absl::StatusOr<int> Listen(const ListenAddress& where,
                             absl::Duration unacknowledged_max);

  // Restores what RecentAddresses returned in the process before this one.
  // Before Start.
  void RestoreAddresses(const ConnectionsByAddress& recent);

  // How many connections of each address were authenticated recently, also
  // after Stop.
  ConnectionsByAddress RecentAddresses();

  // Begins to hand connections to `serve`, which must not block, on a thread of
  // its own, which also uses `channelz`.
  void Start(Serve serve, std::unique_ptr<ChannelzStats> channelz);

  // Whether any connection may need MarkAuthenticated.
  bool has_unauthenticated() const { return unauthenticated_ > 0; }

  // A call on the connection of `peer`, as gRPC names it, has authenticated.
  void MarkAuthenticated(const std::string& peer);

  // A call on the connection of `peer` has failed: it was cancelled before its
  // request arrived, or did not authenticate. Closes the connection if there
  // are too many. `now` is of the steady clock.
  void CountFailedCall(const std::string& peer, absl::Time now);

  // Shuts all connections down, and accepts no more. Data sent before still
  // arrives; nothing more can be sent. `serve` is not called after it returns.
  // Idempotent.
  void Stop();

 private:
  void Run();
  void React(int descriptor, uint32_t events);
  void Accept(absl::Time now);
  void Admit(FileDescriptor socket, absl::Time now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ServeAdmitted(absl::Time now);

  // An unauthenticated connection has received data: its calls are to be
  // counted.
  void ScheduleCount(int descriptor);
  void CountCalls(absl::Time now);
  void CountCallsOf(int descriptor, absl::Time now);
  void FindChannelzIds(const std::vector<int>& descriptors);

  // Returns whether there was one that had timed out.
  bool ExtendOrCloseOne(absl::Time now);
  void Watch(int operation, int descriptor, uint32_t events);

  void Refuse(const ConnectionAdmission::Refusal& refusal)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The client has closed its side.
  void OnClientClose(int descriptor) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void End(int descriptor) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Forget(int descriptor) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Forgets ended connections that gRPC has closed.
  void ForgetClosed();

  // Returns a duplicate descriptor for gRPC; an invalid one, and the connection
  // is forgotten, if there are too many open files.
  FileDescriptor DuplicateToServe(int descriptor)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Time NextDeadline();
  void ReportCounts();
  void Wake();

  struct Connection {
    FileDescriptor socket;
    std::string peer;  // as gRPC names it
    ino_t inode = 0;
    int served_as = -1;  // gRPC's descriptor

    // Its id in channelz, once found, and a lower bound of it.
    std::optional<int64_t> channelz_id = std::nullopt;
    int64_t channelz_id_min = 0;
  };

  const ConnectionObserver* const observer_;
  FileDescriptor listener_;
  FileDescriptor events_;  // of epoll
  FileDescriptor wakeup_;
  Serve serve_;
  std::unique_ptr<ChannelzStats> channelz_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;

  // Infinite future unless accepting pauses. Used on the thread only.
  absl::Time accept_again_at_ = absl::InfiniteFuture();

  // Unauthenticated connections that have received data, and when their calls
  // are counted; infinite future if there are none. Used on the thread only.
  std::vector<int> to_count_;
  absl::Time count_at_ = absl::InfiniteFuture();

  // The greatest id seen in channelz. Used on the thread only.
  int64_t latest_channelz_id_ = 0;

  // Those served and not authenticated, to be read without the lock.
  std::atomic<int> unauthenticated_{0};

  absl::Mutex mutex_;
  ConnectionAdmission admission_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<int, Connection> connections_ ABSL_GUARDED_BY(mutex_);

  // Ended, and not closed by gRPC yet.
  std::vector<int> ended_ ABSL_GUARDED_BY(mutex_);

  // Served connections.
  absl::flat_hash_map<std::string, int> by_peer_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CONNECTIONS_CONNECTION_ACCEPTOR_H_
