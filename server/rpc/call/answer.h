// Waiting for the answer to a command on behalf of a call.

#ifndef HOLDLINE_SERVER_RPC_CALL_ANSWER_H_
#define HOLDLINE_SERVER_RPC_CALL_ANSWER_H_

#include <functional>
#include <type_traits>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "server/broker/reply.h"
#include "server/engine/engine.h"
#include "server/pipeline/model/reply.h"
#include "server/rpc/call/call_base.h"

namespace holdline {

// Whether a variant can hold a type.
template <typename Variant, typename Type>
inline constexpr bool kCanHold = false;
template <typename... Types, typename Type>
inline constexpr bool kCanHold<std::variant<Types...>, Type> =
    (std::is_same_v<Types, Type> || ...);

// The reply that an answer comes in: the planner's or the broker's.
template <typename Answer>
using ReplyWith = std::conditional_t<kCanHold<PipelineReply, Answer>,
                                     PipelineReply, ReplyBody>;

// Returns a callback that gives an answer of the kind that was hoped for to
// `use`, which must answer the call, and refuses the call with anything else.
template <typename Hoped, typename Use>
std::function<void(ReplyWith<Hoped>)> OnAnswer(CallBase* call, Use use) {
  return [call, use = std::move(use)](ReplyWith<Hoped> reply) {
    if (auto* hoped = std::get_if<Hoped>(&reply)) {
      use(std::move(*hoped));
    } else if (const auto* error = std::get_if<absl::Status>(&reply)) {
      call->Refuse(*error);
    } else {
      call->Refuse(absl::InternalError("the broker gave no fitting answer"));
    }
  };
}

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CALL_ANSWER_H_
