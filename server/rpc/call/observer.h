// Hooks for metrics and logging of calls.

#ifndef HOLDLINE_SERVER_RPC_CALL_OBSERVER_H_
#define HOLDLINE_SERVER_RPC_CALL_OBSERVER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "grpcpp/support/status_code_enum.h"
#include "server/auth/credentials/principal.h"
#include "server/broker/ids.h"
#include "server/rpc/connections/observer.h"

namespace holdline {

// A call that has been answered.
struct CallFacts {
  // `Service/Method`, such as `DataPipeline/PollForTask`.
  std::string method;

  // Whether the method can change anything.
  bool changes = false;

  // The caller and its address: as gRPC names it, or as a gateway reported it.
  // Null, or no user, if not authenticated.
  std::shared_ptr<const Principal> caller;
  std::string peer;

  // The object of the call: `task-7`, `pipeline df-1`, `group blue`, `runner
  // host-1`. Empty if it has none, such as a poll that got no task, or if it
  // was refused before the object was known. Groups and runners have names that
  // callers choose.
  std::string resource;

  // The request id.
  std::string request_id;

  grpc::StatusCode code = grpc::StatusCode::OK;

  // Why, if the code is not OK. Never contains values that the caller sent,
  // only names of fields and limits.
  std::string error;

  // From arrival to answer; of a stream, to its end.
  absl::Duration duration;

  // Of a stream: how many messages it was answered with.
  std::optional<int64_t> messages = std::nullopt;
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

  // With kTask: from when both the task was ready and the poll had arrived, to
  // the answer.
  absl::Duration dispatch;
};

// Functions that are called on any thread, if set. They must not block.
struct RpcObserver {
  std::function<void(const CallFacts&)> on_call;
  std::function<void(const PollFacts&)> on_poll;

  ConnectionObserver connections = {};

  // The TLS files were reloaded; if not OK, the reason why the old ones are
  // still used.
  std::function<void(const absl::Status&)> on_tls_files = nullptr;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CALL_OBSERVER_H_
