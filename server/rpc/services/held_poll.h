// A poll from its arrival to its end.

#ifndef HOLDLINE_SERVER_RPC_SERVICES_HELD_POLL_H_
#define HOLDLINE_SERVER_RPC_SERVICES_HELD_POLL_H_

#include <memory>
#include <string>

#include "absl/time/time.h"
#include "server/broker/command.h"
#include "server/broker/ids.h"
#include "server/broker/reply.h"
#include "server/engine/engine.h"
#include "server/rpc/call/holding.h"
#include "server/rpc/call/observer.h"
#include "server/rpc/call/unary_call.h"
#include "server/rpc/services/task_token.h"

namespace holdline {

// Answers a poll, and returns its lease (Undelivered) if the answer did not
// reach the caller.
class HeldPoll final : public CallCompanion {
 public:
  // State shared by all polls. Everything outlives them.
  struct Environment {
    Engine* engine;
    const TaskTokens* tokens;
    const Holding* holding;
    const RpcObserver* observer;
  };

  // Passes `poll` to the engine on behalf of `call`, which owns the new object.
  static void Start(const Environment& environment, UnaryCall* call, Poll poll);

 private:
  HeldPoll(const Environment& environment, UnaryCall* call, GroupKey group);

  void OnAnswer(PollAnswer answer);
  void Terminate();
  void HandOut(const PollAnswer& answer);
  void OnEnd(const CallFacts& facts, bool delivered) override;

  const Environment& environment_;
  UnaryCall* const call_;
  const GroupKey group_;

  // Set by the answer.
  PollResult result_ = PollResult::kEmpty;
  LeaseName lease_;
  absl::Duration dispatch_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_SERVICES_HELD_POLL_H_
