#include "tests/load/call_loop.h"

#include "absl/time/clock.h"

namespace holdline::load {
namespace {

// Longer than any poll is held.
constexpr absl::Duration kCallTimeMax = absl::Minutes(2);

}  // namespace

CallLoop::AnyCall::AnyCall() {
  context.set_deadline(absl::ToChronoTime(absl::Now() + kCallTimeMax));
}

CallLoop::~CallLoop() {
  CancelAll();
  queue_.Shutdown();
  void* tag;
  bool ok;
  while (queue_.Next(&tag, &ok)) {
  }
}

bool CallLoop::RunUntil(absl::Time deadline,
                        const std::function<bool()>& enough) {
  while (!enough()) {
    void* tag;
    bool ok;
    if (queue_.AsyncNext(&tag, &ok, absl::ToChronoTime(deadline)) !=
        grpc::CompletionQueue::GOT_EVENT) {
      return enough();
    }
    Handle(tag);
  }
  return true;
}

void CallLoop::RunUntil(absl::Time deadline) {
  // Answers can follow one another so closely that the queue never waits.
  RunUntil(deadline, [deadline] { return absl::Now() >= deadline; });
}

void CallLoop::CancelAll() {
  is_cancelling_ = true;
  for (AnyCall* call : calls_) call->context.TryCancel();
  RunUntil(absl::InfiniteFuture(), [this] { return calls_.empty(); });
  is_cancelling_ = false;
}

void CallLoop::Handle(void* tag) {
  const std::unique_ptr<AnyCall> call(static_cast<AnyCall*>(tag));
  calls_.erase(call.get());
  if (!is_cancelling_) call->OnAnswer();
}

}  // namespace holdline::load
