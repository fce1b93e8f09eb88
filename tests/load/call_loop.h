// The calls that the load generator has in flight, all on one thread.

#ifndef HOLDLINE_TESTS_LOAD_CALL_LOOP_H_
#define HOLDLINE_TESTS_LOAD_CALL_LOOP_H_

#include <functional>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/time/time.h"
#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/support/async_unary_call.h"
#include "grpcpp/support/status.h"

namespace holdline::load {

// Used by one thread.
class CallLoop {
 public:
  CallLoop() = default;

  // Cancels the calls that are in flight.
  ~CallLoop();

  CallLoop(const CallLoop&) = delete;
  CallLoop& operator=(const CallLoop&) = delete;

  // Sends `input`. `done` is called, from RunUntil, with the answer; never if
  // the call is cancelled by CancelAll.
  template <typename Stub, typename Input, typename Output>
  void Start(Stub* stub,
             std::unique_ptr<grpc::ClientAsyncResponseReader<Output>> (
                 Stub::*method)(grpc::ClientContext*, const Input&,
                                grpc::CompletionQueue*),
             const Input& input,
             std::function<void(const grpc::Status&, const Output&)> done);

  // Handles answers until `deadline` or until `enough` says so, whichever is
  // first. Returns what `enough` says then.
  bool RunUntil(absl::Time deadline, const std::function<bool()>& enough);

  // Handles answers until `deadline`.
  void RunUntil(absl::Time deadline);

  // Cancels the calls that are in flight, and waits until they have ended.
  void CancelAll();

 private:
  class AnyCall {
   public:
    AnyCall();
    virtual ~AnyCall() = default;
    virtual void OnAnswer() = 0;
    grpc::ClientContext context;
  };

  template <typename Output>
  class Call;

  void Handle(void* tag);

  grpc::CompletionQueue queue_;
  absl::flat_hash_set<AnyCall*> calls_;
  bool is_cancelling_ = false;
};

template <typename Output>
class CallLoop::Call final : public AnyCall {
 public:
  using Done = std::function<void(const grpc::Status&, const Output&)>;

  explicit Call(Done done) : done_(std::move(done)) {}

  void Expect(std::unique_ptr<grpc::ClientAsyncResponseReader<Output>> answer) {
    answer_ = std::move(answer);
    answer_->Finish(&output_, &status_, static_cast<AnyCall*>(this));
  }

  void OnAnswer() override { done_(status_, output_); }

 private:
  const Done done_;
  std::unique_ptr<grpc::ClientAsyncResponseReader<Output>> answer_;
  Output output_;
  grpc::Status status_;
};

template <typename Stub, typename Input, typename Output>
void CallLoop::Start(
    Stub* stub,
    std::unique_ptr<grpc::ClientAsyncResponseReader<Output>> (Stub::*method)(
        grpc::ClientContext*, const Input&, grpc::CompletionQueue*),
    const Input& input,
    std::function<void(const grpc::Status&, const Output&)> done) {
  auto* const call = new Call<Output>(std::move(done));
  calls_.insert(call);
  call->Expect((stub->*method)(&call->context, input, &queue_));
}

}  // namespace holdline::load

#endif  // HOLDLINE_TESTS_LOAD_CALL_LOOP_H_
