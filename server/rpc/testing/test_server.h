// A whole server in the test's process, and clients of it.

#ifndef HOLDLINE_SERVER_RPC_TESTING_TEST_SERVER_H_
#define HOLDLINE_SERVER_RPC_TESTING_TEST_SERVER_H_

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "google/protobuf/text_format.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "gtest/gtest.h"
#include "holdline/v1/contract.pb.h"
#include "holdline/v1/data_pipeline.grpc.pb.h"
#include "holdline/v1/operator.grpc.pb.h"
#include "holdline/v1/task_queue.grpc.pb.h"
#include "proto/metadata_keys.h"
#include "server/engine/engine.h"
#include "server/queries/history.h"
#include "server/rpc/server.h"
#include "server/store/memory/memory_store.h"

namespace holdline {

// How long a test waits for what must happen before it fails.
inline constexpr absl::Duration kPatience = absl::Seconds(30);

// Returns the message that `text` stands for.
template <typename Message>
Message Parse(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message))
      << text;
  return message;
}

// The outcome of a call.
template <typename Output>
struct Outcome {
  grpc::Status status;
  Output output;
  std::string request_id;

  // The details of the error, which every error has.
  v1::ErrorReason reason() const {
    v1::ErrorStatus details;
    v1::ErrorReason reason;
    EXPECT_TRUE(details.ParseFromString(status.error_details()));
    EXPECT_EQ(details.code(), status.error_code());
    EXPECT_EQ(details.message(), status.error_message());
    EXPECT_EQ(details.details_size(), 1);
    if (details.details_size() == 1) {
      EXPECT_TRUE(reason.ParseFromString(details.details(0).value()));
    }
    return reason;
  }
};

// A call that may still be going on.
template <typename Output>
class PendingCall {
 public:
  ~PendingCall() {
    context.TryCancel();
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&done_));
  }

  // Waits for the answer.
  const Outcome<Output>& Wait() {
    absl::MutexLock lock(&mutex_);
    EXPECT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&done_), kPatience));
    return outcome_;
  }

  bool done() {
    absl::MutexLock lock(&mutex_);
    return done_;
  }

  // Calls `start(&context, &output, callback)`, and cancels itself at the end
  // of its life.
  template <typename Start>
  void Begin(Start start) {
    start(&context, &outcome_.output, [this](grpc::Status status) {
      absl::MutexLock lock(&mutex_);
      outcome_.status = std::move(status);
      done_ = true;
    });
  }

  grpc::ClientContext context;

 private:
  Outcome<Output> outcome_;
  absl::Mutex mutex_;
  bool done_ = false;
};

// Who may call a server, and how often: unless it is said, everybody on this
// machine, as often as they like. What is pointed to outlives the server.
struct TestCallers {
  const CredentialStore* credentials = nullptr;
  CallRates* rates = nullptr;
};

// The engine and the server on a store in memory.
class TestServer {
 public:
  explicit TestServer(RpcOptions options = {}, const EngineOptions& engine = {},
                      EngineObserver observer = {},
                      std::function<Now()> clock = SystemClock(),
                      const TestCallers& callers = {});
  explicit TestServer(const TestCallers& callers, RpcOptions options = {},
                      const EngineOptions& engine = {});
  ~TestServer();

  // Clients over a connection.
  v1::DataPipeline::StubInterface& pipeline() { return *pipeline_; }
  v1::TaskQueue::StubInterface& queue() { return *queue_; }
  v1::Operator::StubInterface& operations() { return *operations_; }

  const std::shared_ptr<grpc::Channel>& channel() { return channel_; }
  RpcServer& server() { return *server_; }

  // Calls a method and waits for its answer. `authorization` says who calls, if
  // it is not empty.
  template <typename Stub, typename Input, typename Output>
  Outcome<Output> Call(Stub& stub,
                       grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                    const Input&, Output*),
                       const Input& input,
                       const std::string& authorization = "") {
    grpc::ClientContext context;
    if (!authorization.empty()) {
      context.AddMetadata(kAuthorizationKey, authorization);
    }
    context.set_deadline(absl::ToChronoTime(absl::Now() + kPatience));
    Outcome<Output> outcome;
    outcome.status = (stub.*method)(&context, input, &outcome.output);
    const auto& trailer = context.GetServerTrailingMetadata();
    const auto id = trailer.find(kRequestIdKey);
    if (id != trailer.end()) {
      outcome.request_id = std::string(id->second.data(), id->second.size());
    }
    return outcome;
  }

  // Submits one task, given in text format, and returns its name.
  std::string Submit(const std::string& task);

  // Polls a group and waits for the answer.
  Outcome<v1::PollForTaskOutput> Poll(const std::string& group);

  // Begins to poll a group, and returns when the call is parked.
  std::unique_ptr<PendingCall<v1::PollForTaskOutput>> Park(
      const std::string& group, absl::Duration timeout = kPatience);

  Outcome<v1::Task> GetTask(const std::string& name);
  v1::Group GetGroup(const std::string& name);

  // Waits until a group has that many parked calls.
  void AwaitParked(const std::string& group, int64_t count);

  // Waits for the next report of a poll to the server's observer.
  PollFacts NextPoll();

 private:
  MemoryStore store_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<History> history_;

  absl::Mutex mutex_;
  std::deque<PollFacts> polls_;

  std::unique_ptr<RpcServer> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::DataPipeline::StubInterface> pipeline_;
  std::unique_ptr<v1::TaskQueue::StubInterface> queue_;
  std::unique_ptr<v1::Operator::StubInterface> operations_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_TESTING_TEST_SERVER_H_
