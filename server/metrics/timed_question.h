// A question to the engine that is not waited for too long.

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

namespace holdline {

// Hands `question` to an engine, which answers exactly once, on any thread, and
// waits on this one for the alternative `Answer` of a reply.
//
// DEADLINE_EXCEEDED: it did not answer by `deadline` of the steady clock, and
// may do so later. The engine's own error otherwise.
template <typename Answer, typename Question, typename Reply>
absl::StatusOr<Answer> AskUntil(
    const std::function<void(Question, std::function<void(Reply)>)>& ask,
    Question question, absl::Time deadline) {
  // Shared, because the answer may come after the deadline.
  struct Slot {
    SteadyNotification arrived;
    Reply reply;
  };
  const auto slot = std::make_shared<Slot>();
  ask(std::move(question), [slot](Reply reply) {
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
