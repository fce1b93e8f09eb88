#include "server/rpc/testing/test_server.h"

#include <utility>

#include "server/queries/task_object.h"

namespace holdline {

TestServer::TestServer(RpcOptions options, const EngineOptions& engine_options,
                       EngineObserver engine_observer,
                       std::function<Now()> clock, const TestCallers& callers) {
  const std::string secret = *store_.diary().Secret();
  engine_ = std::make_unique<Engine>(
      engine_options, &store_.diary(), EncodeTaskObject,
      std::move(engine_observer), std::move(clock));
  EXPECT_TRUE(engine_->Start().ok());
  history_ = std::make_unique<History>(store_.OpenArchive());

  if (options.address == RpcOptions().address) options.address = "127.0.0.1:0";
  options.definition_limits = engine_options.planner.limits;
  RpcObserver observer;
  observer.on_poll = [this](const PollFacts& facts) {
    absl::MutexLock lock(&mutex_);
    polls_.push_back(facts);
  };
  server_ = *RpcServer::Start(options,
                              {.engine = engine_.get(),
                               .history = history_.get(),
                               .credentials = callers.credentials,
                               .rates = callers.rates,
                               .observer = observer},
                              secret);
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetMaxReceiveMessageSize(-1);
  channel_ = grpc::CreateCustomChannel(
      server_->address(), grpc::InsecureChannelCredentials(), arguments);
  pipeline_ = v1::DataPipeline::NewStub(channel_);
  queue_ = v1::TaskQueue::NewStub(channel_);
  operations_ = v1::Operator::NewStub(channel_);
}

TestServer::TestServer(const TestCallers& callers, RpcOptions options,
                       const EngineOptions& engine_options)
    : TestServer(std::move(options), engine_options, {}, SystemClock(),
                 callers) {}

TestServer::~TestServer() {
  server_->Stop(absl::InfinitePast());
  server_.reset();
  history_.reset();
  engine_->Stop();
  // Nobody calls the observer any more; ThreadSanitizer learns it by the lock.
  absl::MutexLock lock(&mutex_);
}

std::string TestServer::Submit(const std::string& task) {
  v1::SubmitTasksRequest request;
  *request.add_tasks() = Parse<v1::NewTask>(task);
  const auto outcome =
      Call(queue(), &v1::TaskQueue::StubInterface::SubmitTasks, request);
  EXPECT_TRUE(outcome.status.ok()) << outcome.status.error_message();
  return outcome.output.names_size() == 1 ? outcome.output.names(0) : "";
}

Outcome<v1::PollForTaskOutput> TestServer::Poll(const std::string& group) {
  v1::PollForTaskInput input;
  input.set_worker_group(group);
  input.set_hostname("runner-1");
  return Call(pipeline(), &v1::DataPipeline::StubInterface::PollForTask, input);
}

std::unique_ptr<PendingCall<v1::PollForTaskOutput>> TestServer::Park(
    const std::string& group, absl::Duration timeout) {
  const int64_t parked = GetGroup(group).parked_calls();
  v1::PollForTaskInput input;
  input.set_worker_group(group);
  auto call = std::make_unique<PendingCall<v1::PollForTaskOutput>>();
  call->context.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
  call->Begin([&](grpc::ClientContext* context, v1::PollForTaskOutput* output,
                  std::function<void(grpc::Status)> done) {
    // The stub keeps no reference to the input once this returns.
    pipeline().async()->PollForTask(context, &input, output, std::move(done));
  });
  AwaitParked(group, parked + 1);
  return call;
}

Outcome<v1::Task> TestServer::GetTask(const std::string& name) {
  v1::GetTaskRequest request;
  request.set_name(name);
  return Call(queue(), &v1::TaskQueue::StubInterface::GetTask, request);
}

v1::Group TestServer::GetGroup(const std::string& name) {
  v1::GetGroupRequest request;
  request.set_worker_group(name);
  return Call(operations(), &v1::Operator::StubInterface::GetGroup, request)
      .output;
}

void TestServer::AwaitParked(const std::string& group, int64_t count) {
  const absl::Time limit = absl::Now() + kPatience;
  while (GetGroup(group).parked_calls() != count && absl::Now() < limit) {
  }
  EXPECT_EQ(GetGroup(group).parked_calls(), count);
}

PollFacts TestServer::NextPoll() {
  absl::MutexLock lock(&mutex_);
  const auto has_poll = [this] { return !polls_.empty(); };
  if (!mutex_.AwaitWithTimeout(absl::Condition(&has_poll), kPatience)) {
    ADD_FAILURE() << "no poll has ended";
    return {};
  }
  PollFacts facts = polls_.front();
  polls_.pop_front();
  return facts;
}

}  // namespace holdline
