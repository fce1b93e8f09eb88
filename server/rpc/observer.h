// What the gRPC services tell those who count and keep watch.

#ifndef HOLDLINE_SERVER_RPC_OBSERVER_H_
#define HOLDLINE_SERVER_RPC_OBSERVER_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "grpcpp/support/status_code_enum.h"
#include "server/auth/principal.h"
#include "server/broker/ids.h"

namespace holdline {

// A call that has been answered.
struct CallFacts {
  // `Service/Method`, such as `DataPipeline/PollForTask`.
  std::string method;

  // Whether the method can change anything.
  bool changes = false;

  // Who called, and from where: in gRPC's words, or the address that a gateway
  // told. Null, or nobody, if it is not known who.
  std::shared_ptr<const Principal> caller;
  std::string peer;

  // What the call was about: `task-7`, `pipeline df-1`, `group blue`,
  // `runner host-1`. Empty if it was about none, as a poll that got no task, or
  // was refused before that was known. Groups and runners have names that
  // callers choose.
  std::string resource;

  // The id that the caller was told, or gave.
  std::string request_id;

  grpc::StatusCode code = grpc::StatusCode::OK;

  // Why, if the code is not OK. Never holds what the caller sent, but names of
  // fields and limits.
  std::string error;

  // From arrival to answer.
  absl::Duration duration;
};

enum class PollOutcome {
  kTask,
  kEmpty,
  kCancelled,    // the caller hung up before there was an answer
  kDrained,      // the server is stopping
  kUndelivered,  // a task was given, but the answer did not arrive
  kRefused,      // an error was answered
  kTerminate,    // its runner was told to exit, as it drains
};

// A poll that has ended.
struct PollFacts {
  GroupKey group;
  PollOutcome outcome = PollOutcome::kEmpty;

  // From arrival to answer.
  absl::Duration hold;

  // With kTask: from when the task was ready and the poll was there to the
  // answer.
  absl::Duration dispatch;
};

// How many connections there are; those of the in-process channel do not count.
struct ConnectionCounts {
  int silent = 0;     // have sent nothing yet
  int waiting = 0;    // have, and wait to be served
  int newcomers = 0;  // are served, and no call has told yet who calls
  int known = 0;
};

// A connection that was closed so that others can be served.
struct RefusedConnection {
  enum class Reason {
    kTooMany,           // all connections together
    kTooManyOfAddress,  // those of its address
    kSilent,            // it has sent nothing for long
    kUnknown,           // it was a newcomer for long, and others waited
    kVoidCalls,         // too many calls that were cancelled before their
                        // request had arrived, or did not tell who calls
  };

  // The client's, in numbers, without a port; of IPv6, its /64 network.
  std::string address;

  // Each, once.
  static constexpr Reason kReasons[] = {
      Reason::kTooMany, Reason::kTooManyOfAddress, Reason::kSilent,
      Reason::kUnknown, Reason::kVoidCalls};

  Reason reason = Reason::kTooMany;
};

// The word for a reason in logs and metrics, such as `too_many_of_address`.
// Empty if it is no reason.
const char* ToString(RefusedConnection::Reason reason);

// Functions that are called on any thread, if set. They must not block.
struct RpcObserver {
  std::function<void(const CallFacts&)> on_call;
  std::function<void(const PollFacts&)> on_poll;

  // There are more or fewer connections of a kind than before.
  std::function<void(const ConnectionCounts&)> on_connections = nullptr;
  std::function<void(const RefusedConnection&)> on_connection_refused = nullptr;

  // The files for TLS have changed; if not OK, why the old ones still count.
  std::function<void(const absl::Status&)> on_tls_files = nullptr;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_OBSERVER_H_
