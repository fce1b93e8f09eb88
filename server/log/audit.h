// The audit log: which caller did what, and which calls were refused.

#ifndef HOLDLINE_SERVER_LOG_AUDIT_H_
#define HOLDLINE_SERVER_LOG_AUDIT_H_

#include "server/gateway/observer.h"
#include "server/log/log.h"
#include "server/rpc/call/observer.h"

namespace holdline {

// Writes an event `audit`, at info, for each call that was refused by
// authentication or authorization, and for each call of a method that can
// change something, with the result. Polls without a task are left out.
//
// Its fields, the empty ones left out: `request_id`, `action`, `account`,
// `user`, `access_key`, `peer`, `resource`, `outcome` (`done`, `refused`, or
// `undelivered` if the caller was gone before the answer), `code` and `reason`.
// Nothing of what a caller sent is written but the names of groups and runners.
//
// Refusals of unauthenticated and unauthorized callers are throttled by caller
// (or address), action and code, so that they cannot push other lines out of
// the log. All are counted: those beyond the first of a second are one line
// with their number. The log is not owned and must outlive the services.
RpcObserver LogAudit(Log* log);

// Writes the same event for each request that the gateway itself has refused:
// unauthenticated or throttled calls. Throttled likewise.
GatewayObserver LogGatewayAudit(Log* log);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_LOG_AUDIT_H_
