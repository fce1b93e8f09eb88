// Who is calling.

#ifndef HOLDLINE_SERVER_RPC_CALLER_H_
#define HOLDLINE_SERVER_RPC_CALLER_H_

#include "grpcpp/server_context.h"
#include "server/broker/ids.h"

namespace holdline {

// Returns the account that a call belongs to. Without authentication everybody
// who can reach the server is the same account; that is why it refuses to
// listen beyond loopback.
AccountId CallerOf(const grpc::CallbackServerContext& context);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CALLER_H_
