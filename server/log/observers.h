// Log lines of the engine, the gRPC services and the notifier.

#ifndef HOLDLINE_SERVER_LOG_OBSERVERS_H_
#define HOLDLINE_SERVER_LOG_OBSERVERS_H_

#include "server/engine/observer.h"
#include "server/log/log.h"
#include "server/notify/observer.h"
#include "server/rpc/call/observer.h"

namespace holdline {

// Writes each fact that was committed at debug, those of pipelines themselves
// at info, and the failure and recovery of the store. The log is not owned and
// must outlive the engine.
//
// Only names, numbers and fixed words are written, never what a caller
// submitted or a runner reported.
EngineObserver LogEngine(Log* log);

// Writes each call that was refused: at info if the caller can put it right,
// else as a warning; those that the caller gave up, and those that succeeded,
// at debug. Also writes, as a warning, each connection that was refused, and
// when the files for TLS have changed: at info, or as a warning if the new ones
// cannot be used. The log is not owned and must outlive
// the services.
RpcObserver LogCalls(Log* log);

// Writes the result of each delivery attempt of a notification: at info if
// delivered, else as a warning. The log is not owned and must outlive the
// notifier.
NotifyObserver LogNotifications(Log* log);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_LOG_OBSERVERS_H_
