#include "server/metrics/metrics.h"

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "grpcpp/grpcpp.h"
#include "prometheus/gauge.h"
#include "server/base/version.h"

namespace holdline {

Metrics::Metrics()
    : registry_(std::make_shared<prometheus::Registry>()),
      engine_(registry_.get()),
      calls_(registry_.get()),
      connections_(registry_.get()),
      pipelines_(registry_.get()),
      notifications_(registry_.get()),
      gateway_(registry_.get()) {
  prometheus::BuildGauge()
      .Name("holdline_build_info")
      .Help("Always 1; the labels have the version.")
      .Register(*registry_)
      .Add({{"version", kVersion}, {"grpc_version", grpc::Version()}}, 1);
}

EngineObserver Metrics::engine_observer() {
  return {.on_committed =
              [this](const Batch& tasks, const PipelineBatch& pipelines,
                     const TurnFacts& facts, absl::Time) {
                engine_.Committed(tasks, facts);
                pipelines_.Committed(pipelines.facts);
              },
          .on_store_space =
              [this](const StoreSpace& space) { engine_.Space(space); },
          .on_store_status =
              [this](const absl::Status& status) {
                engine_.StoreStatus(status.ok());
              }};
}

RpcObserver Metrics::rpc_observer() {
  return {.on_call = [this](const CallFacts& call) { calls_.Answered(call); },
          .on_poll = [this](const PollFacts& poll) { calls_.Polled(poll); },
          .connections = {.on_counts =
                              [this](const ConnectionCounts& counts) {
                                connections_.Counted(counts);
                              },
                          .on_refused =
                              [this](const RefusedConnection& connection) {
                                connections_.Refused(connection);
                              }}};
}

NotifyObserver Metrics::notify_observer() {
  return {.on_event = [this](const NotifyEvent& event) {
    notifications_.AttemptEnded(event);
  }};
}

GatewayObserver Metrics::gateway_observer() {
  return {.on_refused = [this](const RefusedRequest& request) {
    gateway_.Refused(request);
  }};
}

}  // namespace holdline
