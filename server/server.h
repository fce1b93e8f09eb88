// The whole server: what its parts are and in which order they start and stop.

#ifndef HOLDLINE_SERVER_SERVER_H_
#define HOLDLINE_SERVER_SERVER_H_

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/auth/credentials/call_rates.h"
#include "server/auth/credentials/credential_reload.h"
#include "server/engine/engine.h"
#include "server/gateway/gateway.h"
#include "server/log/log.h"
#include "server/metrics/endpoint.h"
#include "server/metrics/metrics.h"
#include "server/notify/notifier.h"
#include "server/queries/history.h"
#include "server/rpc/server.h"
#include "server/settings/options.h"
#include "server/store/store.h"

namespace holdline {

// Opens the store that the options name, and writes to `log`, as warnings, what
// it has lost or dropped. Errors as those of the store.
absl::StatusOr<std::unique_ptr<Store>> OpenStore(const Options& options,
                                                 Log* log);

// Compacts the database that the options name, and writes to `log` how it gets
// on and how much room it took and takes. FAILED_PRECONDITION if there is
// nothing on disk; otherwise errors as those of the store.
absl::Status CompactStore(const Options& options, Log* log);

// Shows the health of the store as the health of the services: a server that
// can promise nothing should be sent no calls. Thread-safe.
class StoreHealth {
 public:
  // From now on `rpc` shows the health of the store. It is not owned and must
  // live until it is detached.
  void Attach(RpcServer* rpc);
  void Detach();

  // The store has failed, or serves again.
  void Set(bool serves);

  // Whether services are attached, and the store serves.
  bool ready() const;

 private:
  mutable absl::Mutex mutex_;
  bool serves_ ABSL_GUARDED_BY(mutex_) = true;
  RpcServer* rpc_ ABSL_GUARDED_BY(mutex_) = nullptr;
};

// Thread-compatible.
class Server {
 public:
  // Starts everything that the options ask for. The log is not owned and must
  // outlive the server. On an error, which is one sentence, nothing is left
  // running.
  static absl::StatusOr<std::unique_ptr<Server>> Start(
      const Options& options, std::unique_ptr<Store> store, Log* log);

  // Stops at once, unless Stop was called.
  ~Server();

  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Where it serves: `grpc=HOST:PORT http=HOST:PORT metrics=HOST:PORT` with the
  // real ports, and `off` for what is not served.
  std::string addresses() const;

  // Takes on what can be taken on of other options while it serves, or none of
  // them if `wanted` is an error, and reads the credentials again. The log says
  // what has become of it. The certificates are looked at with each connection
  // anyway.
  void Reload(const absl::StatusOr<Options>& wanted);

  // Stops within the drain time: tells those who ask that it is not healthy,
  // answers the polls that are held, lets calls in flight finish and refuses
  // new ones. What was promised stays in the store.
  void Stop();

 private:
  Server(const Options& options, std::unique_ptr<Store> store, Log* log);

  // Reads the credentials and begins to follow them, if there are any.
  absl::Status StartCredentials();

  // The credentials; null: every caller on this host.
  const CredentialStore* credential_store() const;

  // Each starts some of the parts below.
  absl::Status StartNotifier();
  absl::Status StartEngine();
  absl::Status StartRpc(const std::string& secret);
  absl::Status StartGateway();
  absl::Status StartMetrics();

  // The file that tells the next process who was known to this one; empty if
  // nothing is kept.
  std::string known_addresses_path() const;
  void KeepKnownAddresses();

  // Ends the calls, and with them the edges' need of the engine.
  void StopEdges(absl::Time deadline);

  // Tells the log that the server is ready, and with how many tasks.
  void LogReady();

  // Hands what actions have to say from the engine to the notifier, and back
  // what became of it.
  EngineObserver DeliverNotifications();

  // Hands a question to the engine.
  AskEngine ask_engine();

  const Options options_;

  // The same with what was reloaded since.
  Options reloaded_;

  Log* const log_;

  // In the order in which each needs the ones before it.
  std::unique_ptr<CredentialReload> credentials_;  // null: all are local
  Metrics metrics_;
  StoreHealth health_;
  const std::unique_ptr<Store> store_;
  std::unique_ptr<Notifier> notifier_;
  Engine engine_;
  std::unique_ptr<History> history_;
  std::unique_ptr<MetricsEndpoint> metrics_endpoint_;  // null if off
  std::unique_ptr<CallRates> rates_;  // null: nobody is throttled
  std::unique_ptr<RpcServer> rpc_;
  std::unique_ptr<Gateway> gateway_;  // null if off
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_SERVER_H_
