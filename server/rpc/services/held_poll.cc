#include "server/rpc/services/held_poll.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/time/clock.h"
#include "google/protobuf/arena.h"
#include "holdline/v1/data_pipeline.pb.h"
#include "server/base/steady_time.h"
#include "server/queries/task_object.h"
#include "server/rpc/call/answer.h"

namespace holdline {
namespace {

// Enough for most task objects, so that making them asks for no memory.
constexpr size_t kOutputBytes = 8192;

PollOutcome OutcomeOf(PollResult result, bool delivered, bool refused) {
  if (result == PollResult::kTask) {
    return delivered ? PollOutcome::kTask : PollOutcome::kUndelivered;
  }
  if (!delivered) return PollOutcome::kCancelled;
  if (refused) return PollOutcome::kRefused;
  if (result == PollResult::kTerminate) return PollOutcome::kTerminate;
  return result == PollResult::kDrained ? PollOutcome::kDrained
                                        : PollOutcome::kEmpty;
}

}  // namespace

HeldPoll::HeldPoll(const Environment& environment, UnaryCall* call,
                   GroupKey group)
    : environment_(environment), call_(call), group_(std::move(group)) {}

void HeldPoll::Start(const Environment& environment, UnaryCall* call,
                     Poll poll) {
  auto held = absl::WrapUnique(new HeldPoll(environment, call, poll.group));
  HeldPoll* const answered = held.get();
  call->Keep(std::move(held));
  call->Ask(std::move(poll),
            holdline::OnAnswer<PollAnswer>(call, [answered](PollAnswer answer) {
              answered->OnAnswer(std::move(answer));
            }));
}

void HeldPoll::OnAnswer(PollAnswer answer) {
  switch (answer.result) {
    case PollResult::kTask:
      return HandOut(answer);
    case PollResult::kEmpty:
      return call_->Answer(v1::PollForTaskOutput());
    case PollResult::kTerminate:
      return Terminate();
    case PollResult::kDrained:
      result_ = PollResult::kDrained;
      return call_->Answer(v1::PollForTaskOutput(),
                           environment_.holding->Delay(SteadyNow()));
  }
}

void HeldPoll::Terminate() {
  result_ = PollResult::kTerminate;
  v1::PollForTaskOutput output;
  output.set_terminate(true);
  call_->Answer(output);
}

void HeldPoll::HandOut(const PollAnswer& answer) {
  const Task& task = *answer.task;
  alignas(std::max_align_t) char block[kOutputBytes];
  google::protobuf::ArenaOptions options;
  options.initial_block = block;
  options.initial_block_size = sizeof(block);
  google::protobuf::Arena arena(options);
  auto* const output =
      google::protobuf::Arena::CreateMessage<v1::PollForTaskOutput>(&arena);
  v1::TaskObject* const object = output->mutable_task_object();
  const absl::Status status = FillTaskObject(*answer.payload, task, object);
  // The lease is left to its deadline: giving the task back would only make
  // the next poll fail at once.
  if (!status.ok()) return call_->Refuse(status);

  lease_ = {task.id, task.state.lease.id};
  call_->About(TaskName(task.id));
  object->set_task_id(environment_.tokens->Issue(call_->account(), lease_));
  result_ = PollResult::kTask;
  // Whichever came last, the task or the poll. The calendar may have been set
  // back since the task was ready.
  dispatch_ =
      std::clamp(absl::Now() - task.state.ready_at, absl::ZeroDuration(),
                 SteadyNow() - call_->arrived().steady);
  call_->Answer(*output);
}

void HeldPoll::OnEnd(const CallFacts& facts, bool delivered) {
  if (result_ == PollResult::kTask && !delivered) {
    environment_.engine->Tell(Undelivered{lease_.task, lease_.lease},
                              group_.account);
  }
  if (!environment_.observer->on_poll) return;
  PollFacts poll;
  poll.group = group_;
  poll.outcome =
      OutcomeOf(result_, delivered, facts.code != grpc::StatusCode::OK);
  poll.hold = facts.duration;
  poll.dispatch = dispatch_;
  environment_.observer->on_poll(poll);
}

}  // namespace holdline
