#include "server/fan_out.h"

#include <functional>
#include <utility>

namespace holdline {
namespace {

// Returns a function that calls the one at `member` of each observer that has
// one.
template <typename Observer, typename... Arguments>
std::function<void(Arguments...)> CallEach(
    const std::vector<Observer>& observers,
    std::function<void(Arguments...)> Observer::*member) {
  std::vector<std::function<void(Arguments...)>> functions;
  for (const Observer& observer : observers) {
    if (observer.*member) functions.push_back(observer.*member);
  }
  return [functions = std::move(functions)](Arguments... arguments) {
    for (const auto& function : functions) function(arguments...);
  };
}

}  // namespace

EngineObserver FanOut(std::vector<EngineObserver> observers) {
  return {
      .on_committed = CallEach(observers, &EngineObserver::on_committed),
      .on_notification = CallEach(observers, &EngineObserver::on_notification),
      .on_store_space = CallEach(observers, &EngineObserver::on_store_space),
      .on_store_status = CallEach(observers, &EngineObserver::on_store_status),
      .on_gap = CallEach(observers, &EngineObserver::on_gap)};
}

RpcObserver FanOut(std::vector<RpcObserver> observers) {
  std::vector<ConnectionObserver> connections;
  for (const RpcObserver& of : observers) connections.push_back(of.connections);
  return {.on_call = CallEach(observers, &RpcObserver::on_call),
          .on_poll = CallEach(observers, &RpcObserver::on_poll),
          .connections = {.on_counts = CallEach(connections,
                                                &ConnectionObserver::on_counts),
                          .on_refused = CallEach(
                              connections, &ConnectionObserver::on_refused)},
          .on_tls_files = CallEach(observers, &RpcObserver::on_tls_files)};
}

NotifyObserver FanOut(std::vector<NotifyObserver> observers) {
  return {.on_event = CallEach(observers, &NotifyObserver::on_event)};
}

GatewayObserver FanOut(std::vector<GatewayObserver> observers) {
  return {.on_refused = CallEach(observers, &GatewayObserver::on_refused),
          .on_tls_files = CallEach(observers, &GatewayObserver::on_tls_files)};
}

}  // namespace holdline
