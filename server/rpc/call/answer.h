// The callback that answers a call with the engine's reply to its command.

#ifndef HOLDLINE_SERVER_RPC_CALL_ANSWER_H_
#define HOLDLINE_SERVER_RPC_CALL_ANSWER_H_

#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "server/engine/command.h"
#include "server/rpc/call/call_base.h"

namespace holdline {

// Returns a callback that passes a reply of type `Hoped` to `use`, which must
// answer the call. Refuses the call with any other reply's error.
template <typename Hoped, typename Use>
ReplyCallback OnAnswer(CallBase* call, Use use) {
  return [call, use = std::move(use)](ReplyBody reply) {
    if (auto* hoped = std::get_if<Hoped>(&reply)) {
      use(std::move(*hoped));
    } else if (const auto* error = std::get_if<absl::Status>(&reply)) {
      call->Refuse(*error);
    } else {
      call->Refuse(absl::InternalError("unexpected reply type"));
    }
  };
}

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CALL_ANSWER_H_
