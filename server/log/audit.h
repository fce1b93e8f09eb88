// Who did what: the audit log.

#ifndef HOLDLINE_SERVER_LOG_AUDIT_H_
#define HOLDLINE_SERVER_LOG_AUDIT_H_

#include "server/gateway/observer.h"
#include "server/log/log.h"
#include "server/rpc/call/observer.h"

namespace holdline {

// Writes an event `audit`, at info, for each call that was refused because of
// who made it, and for each call of a method that can change something: what
// was done, or why not. Polls that got no task are left out.
//
// Its fields, the empty ones left out: `request_id`, `action`, `account`,
// `user`, `access_key`, `peer`, `resource`, `outcome` (`done`, `refused`, or
// `undelivered` if the caller was gone before the answer), `code` and `reason`.
// Nothing of what a caller sent is written but the names of groups and runners.
//
// Refusals of callers who are not known, and of each caller that lacks a right,
// are throttled for each caller (or address), action and code, so that nobody
// can push other lines out of the log. None goes untold: those beyond the first
// of a second are one line with their number. The log is not owned and must
// outlive the services.
RpcObserver LogAudit(Log* log);

// Writes the same event for each request that the gateway itself has refused:
// its callers were not known, or came too often. Throttled likewise.
GatewayObserver LogGatewayAudit(Log* log);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_LOG_AUDIT_H_
