// Accepts the connections of the gRPC server in gRPC's place, which would serve
// as many as come.

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

// One thread, which sleeps while nobody comes or goes: what is sent over
// connections that are known does not wake it. How many calls newcomers start
// it asks gRPC: a flood of calls can keep gRPC's threads from telling anybody.
//
// That a connection has ended is learned from the socket, of which gRPC gets a
// second descriptor: gRPC shuts sockets down before it closes them.
//
// Thread-safe, but for Listen, Start and Stop, which one thread calls, in this
// order.
class ConnectionAcceptor {
 public:
  // Takes a socket to serve it, with all that comes over it from its beginning.
  using Serve = std::function<void(int socket)>;

  // `observer` outlives this.
  ConnectionAcceptor(const ConnectionLimits& limits,
                     const ConnectionObserver* observer);

  // Stops.
  ~ConnectionAcceptor();

  ConnectionAcceptor(const ConnectionAcceptor&) = delete;
  ConnectionAcceptor& operator=(const ConnectionAcceptor&) = delete;

  // Begins to listen: clients can connect, and wait. The wildcard of either
  // protocol takes both, where the machine has both. A connection ends when
  // what was sent over it is not acknowledged within `unacknowledged_max`.
  // Returns the port. UNAVAILABLE, which says why: the address cannot be
  // listened on.
  absl::StatusOr<int> Listen(const ListenAddress& where,
                             absl::Duration unacknowledged_max);

  // As many connections of each address were known until now, as to a process
  // before this one, and may come back. Before Start.
  void Expect(const ConnectionsByAddress& known);

  // How many of each address may come back once all have ended, or have been
  // ended by Stop.
  ConnectionsByAddress Known();

  // Begins to hand connections to `serve`, which must not block, on a thread of
  // its own, which also uses `census`.
  void Start(Serve serve, std::unique_ptr<SocketCensus> census);

  // Whether somebody may have to be recognized.
  bool has_newcomers() const { return newcomers_ > 0; }

  // A call over the connection of `peer`, as gRPC names it, has told who calls.
  void Recognize(const std::string& peer);

  // A call over the connection of `peer` was void: it was cancelled before its
  // request had arrived, or did not tell who calls. If there are too many, the
  // connection is cut off. `now` is of the steady clock.
  void Suspect(const std::string& peer, absl::Time now);

  // Ends all connections, and accepts no more. What was sent over them still
  // arrives; nothing more can be sent, by whoever serves them. When it returns,
  // `serve` is not called any more. Idempotent.
  void Stop();

 private:
  void Run();
  void React(int descriptor, uint32_t events);
  void Accept(absl::Time now);
  void Admit(FileDescriptor socket, absl::Time now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void ServeSome(absl::Time now);

  // Something has come over a newcomer.
  void Hear(int descriptor);
  void CountCalls(absl::Time now);
  void CountCallsOf(int newcomer, absl::Time now);
  void FindSockets(const std::vector<int>& newcomers);

  // Deals with one whose time is over. Returns whether there was one.
  bool RelieveOne(absl::Time now);
  void Watch(int operation, int descriptor, uint32_t events);

  void Refuse(const Lobby::Refusal& refusal)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // The client, or everybody, has ended a connection.
  void HangUp(int descriptor) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void End(int descriptor) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Forget(int descriptor) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Forgets those that have ended and that gRPC is done with.
  void ForgetSome();

  // Returns a descriptor to serve the connection with, or an invalid one if it
  // is gone.
  FileDescriptor Introduce(int descriptor)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Time NextDeadline();
  void TellCounts();
  void Wake();

  // A connection that is there.
  struct Connection {
    FileDescriptor socket;
    std::string peer;  // as gRPC names it
    ino_t inode = 0;
    int served_as = -1;  // gRPC's descriptor of it

    // What the census calls it, once that is known, and at least.
    std::optional<int64_t> counted_as = std::nullopt;
    int64_t counted_from = 0;
  };

  const ConnectionObserver* const observer_;
  FileDescriptor listener_;
  FileDescriptor events_;  // of epoll
  FileDescriptor wakeup_;
  Serve serve_;
  std::unique_ptr<SocketCensus> census_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;

  // Infinite future unless accepting pauses. Used on the thread only.
  absl::Time accept_again_at_ = absl::InfiniteFuture();

  // Newcomers that have sent something, and when their calls are counted;
  // infinite future if there are none. Used on the thread only.
  std::vector<int> heard_;
  absl::Time count_at_ = absl::InfiniteFuture();

  // The greatest id that the census has told. Used on the thread only.
  int64_t latest_socket_ = 0;

  // As the lobby has them, for those who do not lock.
  std::atomic<int> newcomers_{0};

  absl::Mutex mutex_;
  Lobby lobby_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<int, Connection> connections_ ABSL_GUARDED_BY(mutex_);

  // Those that have ended, and that gRPC has still to do with.
  std::vector<int> ended_ ABSL_GUARDED_BY(mutex_);

  // Those that are served.
  absl::flat_hash_map<std::string, int> by_peer_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CONNECTIONS_CONNECTION_ACCEPTOR_H_
