// A command to the engine with a deadline for the reply.

#ifndef HOLDLINE_SERVER_METRICS_TIMED_QUESTION_H_
#define HOLDLINE_SERVER_METRICS_TIMED_QUESTION_H_

#include <functional>
#include <memory>
#include <utility>
#include <variant>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/base/steady_notification.h"
#include "server/engine/command.h"

namespace holdline {

// Hands a command to an engine, which answers exactly once, on any thread:
// Engine::Call, or a stand-in.
using AskEngine = std::function<void(CommandBody, ReplyCallback)>;

// Hands `question` to an engine, and waits on this thread for the alternative
// `Answer` of its reply.
//
// DEADLINE_EXCEEDED: it did not answer by `deadline` of the steady clock, and
// may do so later. The engine's own error otherwise.
template <typename Answer>
absl::StatusOr<Answer> AskUntil(const AskEngine& ask, CommandBody question,
                                absl::Time deadline) {
  // Shared, because the answer may come after the deadline.
  struct Slot {
    SteadyNotification arrived;
    ReplyBody reply;
  };
  const auto slot = std::make_shared<Slot>();
  ask(std::move(question), [slot](ReplyBody reply) {
    slot->reply = std::move(reply);
    slot->arrived.Notify();
  });
  if (!slot->arrived.WaitUntil(deadline)) {
    return absl::DeadlineExceededError("the engine did not answer in time");
  }
  if (auto* answer = std::get_if<Answer>(&slot->reply)) {
    return std::move(*answer);
  }
  if (auto* error = std::get_if<absl::Status>(&slot->reply)) return *error;
  return absl::InternalError("the engine answered another question");
}

}  // namespace holdline

#endif  // HOLDLINE_SERVER_METRICS_TIMED_QUESTION_H_
