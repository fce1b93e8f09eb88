// Several observers as one.

#ifndef HOLDLINE_SERVER_FAN_OUT_H_
#define HOLDLINE_SERVER_FAN_OUT_H_

#include <vector>

#include "server/engine/observer.h"
#include "server/gateway/observer.h"
#include "server/notify/observer.h"
#include "server/rpc/call/observer.h"

namespace holdline {

// Returns an observer that tells each of `observers`, in order.
EngineObserver FanOut(std::vector<EngineObserver> observers);
RpcObserver FanOut(std::vector<RpcObserver> observers);
NotifyObserver FanOut(std::vector<NotifyObserver> observers);
GatewayObserver FanOut(std::vector<GatewayObserver> observers);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_FAN_OUT_H_
