#include "server/rpc/server.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpc/grpc.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/resource_quota.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "holdline/v1/data_pipeline.pb.h"
#include "holdline/v1/operator.pb.h"
#include "holdline/v1/task_queue.pb.h"
#include "server/auth/credentials/instance_identity.h"
#include "server/auth/tls/tls_identity.h"
#include "server/base/listen_address.h"
#include "server/base/request_memory.h"
#include "server/base/steady_time.h"
#include "server/rpc/access/authenticator.h"
#include "server/rpc/access/tls_server_credentials.h"
#include "server/rpc/call/calls_in_flight.h"
#include "server/rpc/call/holding.h"
#include "server/rpc/call/method_table.h"
#include "server/rpc/call/open_streams.h"
#include "server/rpc/connections/channelz_stats.h"
#include "server/rpc/connections/connection_acceptor.h"
#include "server/rpc/services/data_pipeline_service.h"
#include "server/rpc/services/held_poll.h"
#include "server/rpc/services/operator_service.h"
#include "server/rpc/services/pipeline_service.h"
#include "server/rpc/services/task_queue_service.h"
#include "server/rpc/services/task_token.h"

namespace holdline {
namespace {

using grpc::experimental::ExternalConnectionAcceptor;

const google::protobuf::ServiceDescriptor* FindService(const char* name) {
  return google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
      name);
}

constexpr char kDataPipeline[] = "holdline.v1.DataPipeline";
constexpr char kTaskQueue[] = "holdline.v1.TaskQueue";
constexpr char kOperator[] = "holdline.v1.Operator";

int Milliseconds(absl::Duration duration) {
  return static_cast<int>(
      std::clamp<int64_t>(absl::ToInt64Milliseconds(duration), 1, INT32_MAX));
}

// How long a stop takes at least, so that those who watch the health are told:
// gRPC does not say when they were.
constexpr absl::Duration kHealthTime = absl::Milliseconds(100);

// How long a caller may take at a stop to read the rest of its stream.
constexpr absl::Duration kStreamTime = absl::Seconds(1);

// How long gRPC may take to take apart what is left when all connections have
// ended.
constexpr absl::Duration kShutdownTime = absl::Seconds(1);

absl::Status CheckOptions(const RpcOptions& options) {
  if (options.hold_max <= absl::ZeroDuration() ||
      options.hold_max > absl::Seconds(90)) {
    return absl::InvalidArgumentError(
        "the longest hold must be more than 0 and at most 90 seconds");
  }
  if (options.hold_margin < absl::ZeroDuration()) {
    return absl::InvalidArgumentError("the hold margin must not be negative");
  }
  if (options.message_max <= 0 ||
      options.payload_max >= static_cast<size_t>(options.message_max)) {
    return absl::InvalidArgumentError(
        "the largest message must be larger than the largest payload");
  }
  return absl::OkStatus();
}

// How much is read from a connection before it is looked whether it is still
// wanted. It may hold many calls.
constexpr int kReadMax = 2 << 10;

void Configure(const RpcOptions& options, grpc::ServerBuilder* builder) {
  builder->SetMaxReceiveMessageSize(options.message_max);
  // gRPC would unpack a message before it holds it against the limit, and of a
  // few megabytes could make gigabytes.
  for (const auto algorithm : {GRPC_COMPRESS_DEFLATE, GRPC_COMPRESS_GZIP}) {
    builder->SetCompressionAlgorithmSupportStatus(algorithm, false);
  }
  builder->AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS,
                              options.streams_max);
  builder->AddChannelArgument(GRPC_ARG_TCP_MAX_READ_CHUNK_SIZE, kReadMax);
  builder->SetResourceQuota(
      grpc::ResourceQuota("holdline").Resize(options.memory_max / 2));
  const std::pair<const char*, absl::Duration> times[] = {
      {GRPC_ARG_KEEPALIVE_TIME_MS, options.keepalive_time},
      {GRPC_ARG_KEEPALIVE_TIMEOUT_MS, options.keepalive_timeout},
      {GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
       options.client_keepalive_min},
      {GRPC_ARG_MAX_CONNECTION_AGE_MS, options.connection_age_max},
      {GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, options.connection_age_grace},
  };
  for (const auto& [name, time] : times) {
    builder->AddChannelArgument(name, Milliseconds(time));
  }
  // Polls are silent for long: neither side's checks count as a nuisance.
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
}

// gRPC keeps the plugins for the whole process, for every server that is built.
void PrepareLibrary() {
  static const bool prepared = [] {
    // Keeps the library up when the last server and channel have gone. It would
    // be torn down inside that last destructor, which can wait for 10 s if a
    // connection broke just before.
    grpc_init();
    grpc::EnableDefaultHealthCheckService(true);
    grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    return true;
  }();
  static_cast<void>(prepared);
}

// The methods of one service come from two hands: those about tasks and those
// about pipelines.
MethodTable::Handlers Join(MethodTable::Handlers some,
                           MethodTable::Handlers others) {
  some.merge(std::move(others));
  return some;
}

}  // namespace

// What the server serves, in the order in which each part needs the ones
// before it.
class RpcServer::Services {
 public:
  Services(const RpcOptions& options, RpcCollaborators collaborators,
           const std::string& secret,
           std::unique_ptr<InstanceIdentityVerifier> verifier)
      : engine_(collaborators.engine),
        rates_(collaborators.rates),
        memory_(static_cast<int64_t>(options.memory_max / 2)),
        observer_(std::move(collaborators.observer)),
        connections_(options.connections, &observer_.connections),
        authenticator_(collaborators.credentials),
        verifier_(std::move(verifier)),
        tokens_(secret),
        markers_(secret),
        holding_(options.hold_max, options.hold_margin),
        streams_(options.watches_max),
        data_pipeline_({engine_, &tokens_, &holding_, &observer_},
                       verifier_.get()),
        pipelines_(collaborators.history, &markers_, options.definition_limits),
        task_queue_(collaborators.history, &tokens_, &markers_, &holding_,
                    options.payload_max),
        tables_{
            {FindService(kDataPipeline),
             Join(data_pipeline_.Handlers(), pipelines_.Handlers()),
             environment()},
            {FindService(kTaskQueue), task_queue_.Handlers(), environment()},
            {FindService(kOperator), operator_.Handlers(), environment()}} {}

  void Register(grpc::ServerBuilder* builder) {
    for (MethodTable& table : tables_) builder->RegisterService(&table);
  }

  // Lets go of the calls that are held.
  void StopHolding(absl::Duration spread) {
    holding_.StartDraining(spread, SteadyNow());
    engine_->Call(holdline::StopHolding{}, [](const ReplyBody&) {});
    streams_.Drain(holding_);
  }

  // The calls of our services; those of health and reflection do not count.
  CallsInFlight& in_flight() { return in_flight_; }

  OpenStreams& streams() { return streams_; }

  ConnectionAcceptor& connections() { return connections_; }

  const Authenticator& authenticator() const { return authenticator_; }

  // From now on connections are to be encrypted.
  void SpeakTls(std::unique_ptr<TlsIdentityFiles> files) {
    tls_files_ = std::move(files);
    credentials_ = std::make_shared<TlsServerCredentials>(tls_files_.get());
  }

  const std::shared_ptr<grpc::ServerCredentials>& credentials() const {
    return credentials_;
  }

  const RpcObserver& observer() const { return observer_; }

  std::unique_ptr<grpc::Server>& server() { return server_; }

 private:
  MethodTable::Environment environment() {
    return {&authenticator_, rates_,        &memory_,    engine_,
            &observer_,      &connections_, &in_flight_, &streams_};
  }

  Engine* const engine_;
  CallRates* const rates_;
  RequestMemory memory_;
  const RpcObserver observer_;
  ConnectionAcceptor connections_;
  const Authenticator authenticator_;
  const std::unique_ptr<InstanceIdentityVerifier> verifier_;
  const TaskTokens tokens_;
  const PageMarkers markers_;
  Holding holding_;
  CallsInFlight in_flight_;
  OpenStreams streams_;
  DataPipelineService data_pipeline_;
  PipelineService pipelines_;
  TaskQueueService task_queue_;
  OperatorService operator_;
  MethodTable tables_[3];
  std::unique_ptr<TlsIdentityFiles> tls_files_;  // null without TLS
  std::shared_ptr<grpc::ServerCredentials> credentials_ =
      grpc::InsecureServerCredentials();
  std::unique_ptr<grpc::Server> server_;
};

absl::StatusOr<std::unique_ptr<RpcServer>> RpcServer::Start(
    const RpcOptions& options, RpcCollaborators collaborators,
    const std::string& secret, const ConnectionsByAddress& known_connections) {
  absl::Status status = CheckOptions(options);
  if (!status.ok()) return status;
  auto verifier = InstanceIdentityVerifier::Open(options.instance_identity);
  if (!verifier.ok()) return verifier.status();
  std::unique_ptr<RpcServer> server(new RpcServer(
      options, std::make_unique<Services>(options, std::move(collaborators),
                                          secret, *std::move(verifier))));
  status = server->PrepareTls();
  if (status.ok()) status = server->Listen(known_connections);
  if (!status.ok()) return status;
  server->SetServing(true);
  return server;
}

RpcServer::RpcServer(const RpcOptions& options,
                     std::unique_ptr<Services> services)
    : options_(options), services_(std::move(services)) {}

RpcServer::~RpcServer() {
  if (services_->server() != nullptr) Stop(absl::InfinitePast());
}

absl::Status RpcServer::PrepareTls() {
  if (!options_.tls.enabled()) return absl::OkStatus();
  auto files =
      TlsIdentityFiles::Open(options_.tls, services_->observer().on_tls_files);
  if (!files.ok()) return files.status();
  services_->SpeakTls(*std::move(files));
  return absl::OkStatus();
}

absl::Status RpcServer::Listen(const ConnectionsByAddress& known_connections) {
  absl::StatusOr<ListenAddress> where = ParseListenAddress(options_.address);
  if (!where.ok()) return where.status();
  if (!IsLoopback(*where) &&
      (!services_->authenticator().required() || !options_.tls.enabled())) {
    return absl::InvalidArgumentError(
        absl::StrCat("gRPC on ", options_.address,
                     ", beyond loopback, needs credentials and TLS"));
  }
  PrepareLibrary();
  grpc::ServerBuilder builder;
  Configure(options_, &builder);
  services_->Register(&builder);
  ConnectionAcceptor& connections = services_->connections();
  auto port = connections.Listen(*where, options_.keepalive_timeout);
  if (!port.ok()) {
    return absl::UnavailableError(
        absl::StrCat("cannot listen on ", options_.address,
                     " for gRPC: ", port.status().message()));
  }
  where->port = *port;
  address_ = ToString(*where);
  auto entrance = builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD,
      services_->credentials());
  services_->server() = builder.BuildAndStart();
  if (services_->server() == nullptr) {
    return absl::InternalError("gRPC does not start");
  }
  connections.RestoreAddresses(known_connections);
  connections.Start(
      [entrance = std::shared_ptr<ExternalConnectionAcceptor>(
           std::move(entrance))](int socket) {
        ExternalConnectionAcceptor::NewConnectionParameters connection;
        connection.fd = socket;
        entrance->HandleNewConnection(&connection);
      },
      ChannelzStatsOfLatestServer());
  return absl::OkStatus();
}

std::string RpcServer::address() const { return address_; }

std::shared_ptr<grpc::Channel> RpcServer::InProcessChannel() {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(options_.message_max);
  // Its calls have an authority already.
  arguments.SetInt(GRPC_ARG_DISABLE_CLIENT_AUTHORITY_FILTER, 1);
  return services_->server()->InProcessChannel(arguments);
}

std::string RpcServer::gateway_authorization() const {
  return services_->authenticator().gateway_authorization();
}

ConnectionsByAddress RpcServer::known_connections() const {
  return services_->connections().RecentAddresses();
}

void RpcServer::SetServing(bool serving) {
  grpc::HealthCheckServiceInterface* const health =
      services_->server()->GetHealthCheckService();
  for (const char* service : {"", kDataPipeline, kTaskQueue, kOperator}) {
    health->SetServingStatus(service, serving);
  }
}

void RpcServer::Drain(absl::Time deadline) {
  SetServing(false);
  health_told_at_ = std::min(health_told_at_, SteadyNow() + kHealthTime);
  // Half of the time is left for the answers to arrive.
  const absl::Duration spread =
      std::min(options_.drain_spread, (deadline - SteadyNow()) / 2);
  services_->StopHolding(spread);
  streams_end_at_ =
      std::min(streams_end_at_, SteadyNow() + spread + kStreamTime);
}

void RpcServer::Stop(absl::Time deadline) {
  Drain(deadline);
  services_->streams().AwaitNone(std::min(deadline, streams_end_at_));
  services_->in_flight().AwaitEarlier(deadline);
  absl::SleepFor(std::min(deadline, health_told_at_) - SteadyNow());
  services_->in_flight().AwaitAll(deadline);
  // Once gRPC shuts down, it answers calls that arrive with CANCELLED, which
  // clients take for their own wish. So the connections end before.
  services_->connections().Stop();
  services_->server()->Shutdown(absl::ToChronoTime(
      absl::Now() +
      std::clamp(deadline - SteadyNow(), absl::ZeroDuration(), kShutdownTime)));
}

}  // namespace holdline
