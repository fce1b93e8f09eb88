#include "tests/load/connection.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"

namespace holdline::load {
namespace {

constexpr char kWorkerGroup[] = "load";
constexpr size_t kPayloadBytes = 1024;
constexpr absl::Duration kConnectTimeMax = absl::Seconds(30);

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address) {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(),
                                   arguments);
}

}  // namespace

absl::StatusOr<std::vector<std::unique_ptr<Connection>>> Connection::Open(
    const std::string& address, int count) {
  std::vector<std::unique_ptr<Connection>> connections;
  for (int i = 0; i < count; ++i) {
    connections.push_back(
        std::unique_ptr<Connection>(new Connection(address, i)));
    connections.back()->channel_->GetState(/*try_to_connect=*/true);
  }
  const absl::Time deadline = absl::Now() + kConnectTimeMax;
  for (const auto& connection : connections) {
    if (!connection->channel_->WaitForConnected(absl::ToChronoTime(deadline))) {
      return absl::UnavailableError(
          absl::StrCat("cannot connect to ", address, " in time"));
    }
  }
  return connections;
}

Connection::Connection(const std::string& address, int number)
    : channel_(MakeChannel(address)),
      task_queue_(channel_),
      data_pipeline_(channel_) {
  v1::NewTask* const task = submission_.add_tasks();
  task->set_worker_group(kWorkerGroup);
  task->set_type("ShellCommandActivity");
  v1::Field* const field = task->add_fields();
  field->set_key("command");
  field->set_string_value(std::string(kPayloadBytes, 'x'));
  poll_.set_worker_group(kWorkerGroup);
  poll_.set_hostname(absl::StrCat("runner-", number, ".example"));
}

void Connection::Submit(CallLoop* loop,
                        OnAnswer<v1::SubmitTasksResponse> done) {
  loop->Start(&task_queue_, &v1::TaskQueue::Stub::AsyncSubmitTasks, submission_,
              std::move(done));
}

void Connection::Poll(CallLoop* loop, OnAnswer<v1::PollForTaskOutput> done) {
  loop->Start(&data_pipeline_, &v1::DataPipeline::Stub::AsyncPollForTask, poll_,
              std::move(done));
}

void Connection::Finish(CallLoop* loop, const std::string& task_id,
                        OnAnswer<v1::SetTaskStatusOutput> done) {
  v1::SetTaskStatusInput input;
  input.set_task_id(task_id);
  input.set_task_status(v1::SetTaskStatusInput::FINISHED);
  loop->Start(&data_pipeline_, &v1::DataPipeline::Stub::AsyncSetTaskStatus,
              input, std::move(done));
}

}  // namespace holdline::load
