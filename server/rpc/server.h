// The gRPC server: its services, health, reflection, start and stop.

#ifndef HOLDLINE_SERVER_RPC_SERVER_H_
#define HOLDLINE_SERVER_RPC_SERVER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "server/auth/credentials/call_rates.h"
#include "server/auth/credentials/credential_store.h"
#include "server/auth/credentials/instance_identity.h"
#include "server/auth/tls/tls_options.h"
#include "server/engine/engine.h"
#include "server/pipeline/validation/validation_limits.h"
#include "server/queries/history.h"
#include "server/rpc/call/observer.h"
#include "server/rpc/connections/connection_limits.h"
#include "server/rpc/connections/known_addresses.h"

namespace holdline {

struct RpcOptions {
  // Where to listen, as ParseListenAddress reads it. Beyond loopback there must
  // be credentials and TLS.
  std::string address = "127.0.0.1:7070";

  // The TLS files; plaintext if they are not enabled.
  TlsOptions tls = {};

  // The policy for instance identity documents of polls.
  InstanceIdentityOptions instance_identity = {};

  // How long a poll or a wait is held at most, and how long before its deadline
  // it is answered at the latest.
  absl::Duration hold_max = absl::Seconds(90);
  absl::Duration hold_margin = absl::Seconds(1);

  // Over how long the answers of parked polls are spread when the server stops.
  absl::Duration drain_spread = absl::Seconds(1);

  // The most streams (WatchGroups) that an account may have open.
  int watches_max = 100;

  // The most bytes of one task's stored payload.
  size_t payload_max = size_t{1} << 20;

  // Limits of definitions: the same as the planner's.
  ValidationLimits definition_limits = {};

  // The most bytes that one message may have: the contract allows expressions
  // of 20 MiB.
  int message_max = 24 << 20;

  // Limits of connections, in total, by address and unauthenticated.
  ConnectionLimits connections = {};

  // The most concurrent calls on one connection; a client delays further ones.
  // A separate gateway has all its calls on one.
  int streams_max = 10000;

  // The most bytes that all connections and calls may use: half of them for
  // gRPC's buffers, and half for parsed requests that are not small. Beyond it,
  // new ones are refused.
  size_t memory_max = size_t{4} << 30;

  // How long a connection may be silent before a keepalive ping, and how long
  // the response may take. Shorter than the 90 s of a poll, so that dead
  // pollers are noticed.
  absl::Duration keepalive_time = absl::Seconds(45);
  absl::Duration keepalive_timeout = absl::Seconds(20);

  // The shortest time between the keepalive pings of a client.
  absl::Duration client_keepalive_min = absl::Seconds(10);

  // The age at which a client is asked to reconnect, so that load moves to new
  // servers, and how long its calls may then go on: longer than a poll.
  absl::Duration connection_age_max = absl::Minutes(30);
  absl::Duration connection_age_grace = absl::Seconds(100);
};

// The parts that the server works with. What is pointed to is not owned, and
// outlives it; the engine and the history run until it is stopped.
struct RpcCollaborators {
  Engine* engine = nullptr;
  History* history = nullptr;

  // The credentials. Null: every caller is the LocalPrincipal.
  const CredentialStore* credentials = nullptr;

  // Rate limits of accounts. Null: no limits. Calls on behalf of others were
  // counted by their gateway.
  CallRates* rates = nullptr;

  RpcObserver observer = {};
};

// Thread-safe, but for Drain and Stop, which one thread calls.
class RpcServer {
 public:
  // Starts to serve. `secret` is the store's. `known_connections` are the
  // authenticated ones, by address, of the server before this one, which may
  // come back.
  //
  // INVALID_ARGUMENT: an option is invalid, or a file that it names cannot be
  // used. UNAVAILABLE: the address cannot be listened on, for example because
  // another process does. Both name the address or option; then nothing is
  // served.
  static absl::StatusOr<std::unique_ptr<RpcServer>> Start(
      const RpcOptions& options, RpcCollaborators collaborators,
      const std::string& secret,
      const ConnectionsByAddress& known_connections = {});

  // Stops at once, as Stop with a deadline that has passed.
  ~RpcServer();

  RpcServer(const RpcServer&) = delete;
  RpcServer& operator=(const RpcServer&) = delete;

  // The address that it listens on, `HOST:PORT`, with the actual port.
  std::string address() const;

  // Returns a channel to this server that needs no socket. Calls over it fail
  // once the server is stopped.
  std::shared_ptr<grpc::Channel> InProcessChannel();

  // The `authorization` of a gateway in this process over that channel, to call
  // on behalf of verified callers (authenticator.h).
  std::string gateway_authorization() const;

  // The recent peak of authenticated connections by address. Also after Stop.
  ConnectionsByAddress known_connections() const;

  // Sets the status that the health service reports. Calls are served in any
  // case.
  void SetServing(bool serving);

  // Begins to stop, and returns at once: health is NOT_SERVING, and no call is
  // held any more: those that are held are answered empty, and streams end with
  // UNAVAILABLE, each after its own short delay, long before `deadline` of the
  // steady clock. Calls go on to be served. Idempotent.
  void Drain(absl::Time deadline);

  // Stops: drains, and serves calls that arrive as long as those that were
  // there before have not ended. Further ones are UNAVAILABLE, and are not
  // begun. When all that were begun have been answered, or at `deadline`, the
  // connections end, behind what was sent over them: to whoever is not answered
  // by then, or still watches the health, the server is UNAVAILABLE. Calls over
  // the in-process channel may be cancelled then: whoever has them lets them
  // end after Drain. Returns when no call is left. Idempotent.
  void Stop(absl::Time deadline);

 private:
  class Services;

  RpcServer(const RpcOptions& options, std::unique_ptr<Services> services);

  absl::Status PrepareTls();
  absl::Status Listen(const ConnectionsByAddress& known_connections);

  const RpcOptions options_;
  const std::unique_ptr<Services> services_;
  std::string address_;

  // When those who watch the health know that the server stops, and when the
  // streams have ended but for those that nobody reads.
  absl::Time health_told_at_ = absl::InfiniteFuture();
  absl::Time streams_end_at_ = absl::InfiniteFuture();
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_SERVER_H_
