#include "server/server.h"

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/base/steady_time.h"
#include "server/base/version.h"
#include "server/fan_out.h"
#include "server/log/audit.h"
#include "server/log/observers.h"
#include "server/metrics/group_census.h"
#include "server/queries/task_object.h"
#include "server/rpc/connections/known_addresses_file.h"
#include "server/settings/exposure.h"
#include "server/settings/reload.h"
#include "server/store/memory/memory_store.h"
#include "server/store/sqlite/sqlite_store.h"

namespace holdline {
namespace {

// How long the count of tasks for the log may take.
constexpr absl::Duration kCountPatience = absl::Seconds(10);

// How often the credentials file is looked at.
constexpr absl::Duration kLookPeriod = absl::Seconds(1);

// Where a part that may be switched off is served.
template <typename Part>
std::string AddressOf(const std::unique_ptr<Part>& part) {
  return part == nullptr ? "off" : part->address();
}

EngineObserver Watch(StoreHealth* health) {
  return {.on_store_status = [health](const absl::Status& status) {
    health->Set(status.ok());
  }};
}

void LogStart(const Options& options, Log* log) {
  LogEvent event{LogLevel::kInfo, "starting", {{"version", kVersion}}};
  if (options.store == StoreKind::kMemory) {
    event.fields.push_back({"store", "memory"});
  } else {
    event.fields.push_back({"store", "sqlite"});
    event.fields.push_back({"data_dir", options.data_directory});
  }
  log->Write(event);
}

void LogCredentials(const absl::Status& status,
                    const CredentialOptions& options, Log* log) {
  if (status.ok()) {
    log->Write({LogLevel::kInfo, "credentials_read", {{"file", options.file}}});
  } else {
    log->Write({LogLevel::kError,
                "credentials_refused",
                {{"reason", std::string(status.message())}}});
  }
}

absl::StatusOr<std::unique_ptr<SqliteStore>> OpenSqlite(const Options& options,
                                                        Log* log) {
  return SqliteStore::Open(
      options.data_directory,
      {.accept_loss = options.accept_loss,
       .on_notice = [log](const std::string& notice) {
         log->Write({LogLevel::kWarning, "store_notice", {{"notice", notice}}});
       }});
}

}  // namespace

absl::StatusOr<std::unique_ptr<Store>> OpenStore(const Options& options,
                                                 Log* log) {
  if (options.store == StoreKind::kMemory) {
    return std::make_unique<MemoryStore>();
  }
  return OpenSqlite(options, log);
}

absl::Status CompactStore(const Options& options, Log* log) {
  if (options.store == StoreKind::kMemory) {
    return absl::FailedPreconditionError(
        "a store in memory cannot be compacted");
  }
  if (SqliteStore::IsNew(options.data_directory)) {
    return absl::FailedPreconditionError(
        absl::StrCat("there is no database in ", options.data_directory));
  }
  auto store = OpenSqlite(options, log);
  if (!store.ok()) return store.status();
  const auto before = (*store)->Space();
  if (!before.ok()) return before.status();
  const auto after = (*store)->Compact([log](int64_t done, int64_t total) {
    log->WriteThrottled(
        "compacting",
        {LogLevel::kInfo, "compacting", {{"bytes", done}, {"of", total}}});
  });
  if (!after.ok()) return after.status();
  log->Write({LogLevel::kInfo,
              "compacted",
              {{"bytes_before", before->bytes}, {"bytes", after->bytes}}});
  return absl::OkStatus();
}

void StoreHealth::Attach(RpcServer* rpc) {
  absl::MutexLock lock(&mutex_);
  rpc_ = rpc;
  rpc_->SetServing(serves_);
}

void StoreHealth::Detach() {
  absl::MutexLock lock(&mutex_);
  rpc_ = nullptr;
}

void StoreHealth::Set(bool serves) {
  absl::MutexLock lock(&mutex_);
  serves_ = serves;
  if (rpc_ != nullptr) rpc_->SetServing(serves);
}

bool StoreHealth::ready() const {
  absl::MutexLock lock(&mutex_);
  return serves_ && rpc_ != nullptr;
}

Server::Server(const Options& options, std::unique_ptr<Store> store, Log* log)
    : options_(options),
      reloaded_(options),
      log_(log),
      store_(std::move(store)),
      engine_(options.engine, &store_->diary(), EncodeTaskObject,
              FanOut({metrics_.engine_observer(), LogEngine(log),
                      Watch(&health_), DeliverNotifications()})) {}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(
    const Options& options, std::unique_ptr<Store> store, Log* log) {
  absl::Status status = CheckExposure(options);
  if (!status.ok()) return status;
  LogStart(options, log);
  // Asked for before the engine has the diary to itself.
  const absl::StatusOr<std::string> secret = store->diary().Secret();
  if (!secret.ok()) return secret.status();
  std::unique_ptr<Server> server(new Server(options, std::move(store), log));
  status = server->StartCredentials();
  if (status.ok()) status = server->StartNotifier();
  if (status.ok()) status = server->StartEngine();
  if (status.ok()) status = server->StartMetrics();
  if (status.ok()) status = server->StartRpc(*secret);
  if (status.ok()) status = server->StartGateway();
  if (!status.ok()) return status;
  server->LogReady();
  return server;
}

EngineObserver Server::DeliverNotifications() {
  return {.on_notification = [this](const Notification& notification) {
    notifier_->Deliver(notification);
  }};
}

absl::Status Server::StartCredentials() {
  if (options_.credentials.file.empty()) return absl::OkStatus();
  auto credentials = CredentialReload::Open(
      options_.credentials, [this](const absl::Status& status) {
        LogCredentials(status, options_.credentials, log_);
      });
  if (!credentials.ok()) return credentials.status();
  credentials_ = *std::move(credentials);
  credentials_->KeepLooking(kLookPeriod);
  return absl::OkStatus();
}

const CredentialStore* Server::credential_store() const {
  return credentials_ == nullptr ? nullptr : &credentials_->store();
}

absl::Status Server::StartNotifier() {
  auto notifier = Notifier::Start(
      options_.notify,
      FanOut({metrics_.notify_observer(), LogNotifications(log_)}),
      [this](const DeliveryEnded& ended) {
        engine_.Call(ended, [](const ReplyBody&) {});
      });
  if (!notifier.ok()) return notifier.status();
  notifier_ = *std::move(notifier);
  return absl::OkStatus();
}

absl::Status Server::StartEngine() {
  const absl::Status status = engine_.Start();
  if (status.ok()) history_ = std::make_unique<History>(store_->OpenArchive());
  return status;
}

absl::Status Server::StartMetrics() {
  if (options_.metrics.address.empty()) return absl::OkStatus();
  MetricsOptions options = options_.metrics;
  options.tls = options_.tls;
  auto endpoint = MetricsEndpoint::Start(
      options, metrics_,
      {.ask_engine = ask_engine(),
       .log_lines_dropped = [log = log_] { return log->dropped(); },
       .ready = [this] { return health_.ready(); }},
      credential_store());
  if (!endpoint.ok()) return endpoint.status();
  metrics_endpoint_ = *std::move(endpoint);
  return absl::OkStatus();
}

absl::Status Server::StartRpc(const std::string& secret) {
  if (options_.throttling == Throttling::kAws) {
    rates_ = std::make_unique<CallRates>(AwsCallRates());
  }
  RpcOptions options = options_.rpc;
  options.tls = options_.tls;
  options.definition_limits = options_.engine.planner.limits;
  std::vector<RpcObserver> observers = {metrics_.rpc_observer(),
                                        LogCalls(log_)};
  // Without credentials everybody is the same one.
  if (credential_store() != nullptr && options_.log.audit) {
    observers.push_back(LogAudit(log_));
  }
  auto rpc =
      RpcServer::Start(options,
                       {.engine = &engine_,
                        .history = history_.get(),
                        .credentials = credential_store(),
                        .rates = rates_.get(),
                        .observer = FanOut(std::move(observers))},
                       secret, ReadKnownAddresses(known_addresses_path()));
  if (!rpc.ok()) return rpc.status();
  rpc_ = *std::move(rpc);
  health_.Attach(rpc_.get());
  return absl::OkStatus();
}

absl::Status Server::StartGateway() {
  if (options_.gateway.address.empty()) return absl::OkStatus();
  GatewayOptions options = options_.gateway;
  options.tls = options_.tls;
  GatewayCollaborators collaborators{.broker = rpc_->InProcessChannel(),
                                     .credentials = credential_store(),
                                     .rates = rates_.get()};
  std::vector<GatewayObserver> observers = {
      metrics_.gateway_observer(),
      {.on_tls_files = LogCalls(log_).on_tls_files}};
  if (collaborators.credentials != nullptr) {
    collaborators.broker_authorization = rpc_->gateway_authorization();
  }
  if (options_.log.audit) observers.push_back(LogGatewayAudit(log_));
  collaborators.observer = FanOut(std::move(observers));
  auto gateway = Gateway::Start(options, std::move(collaborators));
  if (!gateway.ok()) return gateway.status();
  gateway_ = *std::move(gateway);
  return absl::OkStatus();
}

AskEngine Server::ask_engine() {
  return [this](CommandBody what, ReplyCallback reply) {
    engine_.Call(std::move(what), std::move(reply));
  };
}

void Server::LogReady() {
  int64_t live = 0;
  const absl::Status counted = ForEachGroup(
      ask_engine(), SteadyNow() + kCountPatience, [&](const GroupView& group) {
        live += group.ready_tasks + group.delayed_tasks + group.leased_tasks;
      });
  LogEvent event{LogLevel::kInfo,
                 "ready",
                 {{"grpc", rpc_->address()},
                  {"http", AddressOf(gateway_)},
                  {"metrics", AddressOf(metrics_endpoint_)}}};
  if (counted.ok()) event.fields.push_back({"live_tasks", live});
  log_->Write(event);
}

std::string Server::addresses() const {
  return absl::StrCat("grpc=", rpc_->address(), " http=", AddressOf(gateway_),
                      " metrics=", AddressOf(metrics_endpoint_));
}

std::string Server::known_addresses_path() const {
  if (options_.store == StoreKind::kMemory) return "";
  return absl::StrCat(options_.data_directory, "/known-addresses");
}

void Server::KeepKnownAddresses() {
  if (known_addresses_path().empty()) return;
  const absl::Status kept =
      WriteKnownAddresses(known_addresses_path(), rpc_->known_connections());
  if (kept.ok()) return;
  log_->Write({LogLevel::kWarning,
               "known_addresses_not_saved",
               {{"reason", std::string(kept.message())}}});
}

void Server::Reload(const absl::StatusOr<Options>& wanted) {
  auto change = wanted.ok() ? ChangeSettings(reloaded_, *wanted)
                            : absl::StatusOr<SettingsChange>(wanted.status());
  if (change.ok()) {
    reloaded_ = std::move(change->options);
    log_->SetLevel(reloaded_.log.level);
    engine_.Change(reloaded_.engine);
    LogEvent event{LogLevel::kInfo, "settings_read", {}};
    if (!change->taken.empty())
      event.fields.push_back({"changed", change->taken});
    if (!change->left.empty()) {
      event.fields.push_back({"need_restart", change->left});
    }
    log_->Write(event);
  } else {
    log_->Write({LogLevel::kError,
                 "settings_refused",
                 {{"reason", std::string(change.status().message())}}});
  }
  if (credentials_ != nullptr) credentials_->ReadAgain();
}

void Server::StopEdges(absl::Time deadline) {
  health_.Detach();
  if (rpc_ == nullptr) return;
  // The gateway's calls end with the draining, before gRPC would cut them.
  rpc_->Drain(deadline);
  if (gateway_ != nullptr) gateway_->Stop(deadline);
  rpc_->Stop(deadline);
}

void Server::Stop() {
  const absl::Time start = SteadyNow();
  log_->Write(
      {LogLevel::kInfo,
       "draining",
       {{"seconds_max", absl::ToDoubleSeconds(options_.drain_timeout)}}});
  StopEdges(start + options_.drain_timeout);
  KeepKnownAddresses();
  notifier_->Stop();
  engine_.Stop();
  log_->Write({LogLevel::kInfo,
               "stopped",
               {{"seconds", absl::ToDoubleSeconds(SteadyNow() - start)}}});
}

Server::~Server() {
  StopEdges(absl::InfinitePast());
  if (notifier_ != nullptr) notifier_->Stop();
  engine_.Stop();
}

}  // namespace holdline
