#include "client/holdline_client.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "client/call_error.h"
#include "client/poll_call.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/support/channel_arguments.h"
#include "holdline/v1/data_pipeline.grpc.pb.h"
#include "holdline/v1/operator.grpc.pb.h"
#include "holdline/v1/task_queue.grpc.pb.h"

namespace holdline::client {
namespace {

// The server's limit on answers is 20 MiB and what wraps it.
constexpr int kAnswerBytesMax = 32 << 20;

// The calls of each service, which end with a callback. Those that block read
// from their connection only while one of them is under way: between two, that
// the server has gone, or come back, is noticed up to five seconds late. For
// these gRPC has threads, which read all connections all the time.
using DataPipeline = v1::DataPipeline::StubInterface::async_interface;
using TaskQueue = v1::TaskQueue::StubInterface::async_interface;
using Operator = v1::Operator::StubInterface::async_interface;

constexpr char kRequestIdKey[] = "x-holdline-request-id";

constexpr char kAuthorizationKey[] = "authorization";
constexpr char kSessionTokenKey[] = "x-amz-security-token";

void Show(const AccessKey& key, grpc::ClientContext* context) {
  if (key.empty()) return;
  context->AddMetadata(kAuthorizationKey,
                       absl::StrCat("Bearer ", key.id, ":", key.secret));
  if (!key.session_token.empty()) {
    context->AddMetadata(kSessionTokenKey, key.session_token);
  }
}

bool Cancelled(const CallOptions& options) {
  return options.cancellation != nullptr && options.cancellation->cancelled();
}

// What a try has come to. That it was cancelled, though nobody here did that,
// says of the server what UNAVAILABLE says.
absl::Status Outcome(const grpc::Status& status, const CallOptions& options) {
  if (status.error_code() == grpc::StatusCode::CANCELLED &&
      !Cancelled(options)) {
    return absl::UnavailableError(absl::StrCat(
        "the server has dropped the call: ", status.error_message()));
  }
  return FromGrpcStatus(status);
}

}  // namespace

std::shared_ptr<grpc::Channel> Connect(const std::string& address,
                                       const TlsFiles& tls) {
  grpc::ChannelArguments arguments;
  // A held poll sends nothing for minutes; without pings, a connection that
  // died silently would look like a quiet worker group.
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 20'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  // A server that is back is found within a second, and gRPC's jitter of a
  // fifth keeps its clients from coming all at once. A try may take longer: the
  // server lets those wait whom it does not know.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 800);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 5'000);
  arguments.SetMaxReceiveMessageSize(kAnswerBytesMax);
  // Only this library decides what is safe to send twice.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  return grpc::CreateCustomChannel(address, ToCredentials(tls), arguments);
}

struct Client::Stubs {
  explicit Stubs(const std::shared_ptr<grpc::Channel>& given)
      : channel(given),
        data_pipeline(given),
        task_queue(given),
        operations(given) {}

  const std::shared_ptr<grpc::Channel> channel;
  v1::DataPipeline::Stub data_pipeline;
  v1::TaskQueue::Stub task_queue;
  v1::Operator::Stub operations;
};

Client::Client(std::shared_ptr<grpc::Channel> channel, ClientOptions options,
               TimeAndChance time_and_chance)
    : options_(options),
      time_and_chance_(std::move(time_and_chance)),
      stubs_(std::make_unique<Stubs>(channel)) {}

Client::~Client() = default;

std::string Client::NewRequestId() const {
  // Version 4 of RFC 4122: all bits random but those that say so.
  const uint64_t high = time_and_chance_.random();
  const uint64_t low = time_and_chance_.random();
  return absl::StrFormat(
      "%08x-%04x-4%03x-%04x-%012x", high >> 32, (high >> 16) & 0xffff,
      high & 0xfff, 0x8000 | ((low >> 48) & 0x3fff), low & 0xffff'ffff'ffff);
}

absl::Status Client::Call(absl::Duration timeout, const CallOptions& options,
                          Try once) {
  const std::string request_id = NewRequestId();
  const absl::Duration retry_for =
      options.retry_for.value_or(options_.retry_for);
  const absl::Time give_up = time_and_chance_.now() + retry_for;
  Backoff backoff(options_.backoff, time_and_chance_.random);
  while (true) {
    grpc::ClientContext context;
    context.AddMetadata(kRequestIdKey, request_id);
    Show(options_.access_key, &context);
    context.set_deadline(
        absl::ToChronoTime(absl::Now() + options.timeout.value_or(timeout)));
    absl::Status status;
    {
      Cancellation::Listener listener(options.cancellation,
                                      [&context] { context.TryCancel(); });
      status = Outcome(once(&context), options);
    }
    if (!absl::IsUnavailable(status) || Cancelled(options)) return status;
    const absl::Duration wait = backoff.Next();
    if (time_and_chance_.now() + wait >= give_up) return status;
    Pause(wait, options.cancellation);
    if (Cancelled(options)) return absl::CancelledError("cancelled");
  }
}

void Client::Pause(absl::Duration wait, const Cancellation* cancellation) {
  time_and_chance_.sleep(*stubs_->channel, wait, cancellation);
}

template <class Calls, class Stub, class Request, class Response>
absl::StatusOr<Response> Client::Unary(Method<Calls, Request, Response> method,
                                       Stub& stub, const Request& request,
                                       absl::Duration timeout,
                                       const CallOptions& options) {
  Response response;
  const absl::Status status =
      Call(timeout, options, [&](grpc::ClientContext* context) {
        grpc::Status outcome;
        absl::Notification ended;
        (stub.async()->*method)(context, &request, &response,
                                [&](grpc::Status status) {
                                  outcome = std::move(status);
                                  ended.Notify();
                                });
        ended.WaitForNotification();
        return outcome;
      });
  if (!status.ok()) return status;
  return response;
}

absl::StatusOr<v1::SubmitTasksResponse> Client::SubmitTasks(
    v1::SubmitTasksRequest request, const CallOptions& options) {
  if (!request.has_request_id()) request.set_request_id(NewRequestId());
  return Unary(&TaskQueue::SubmitTasks, stubs_->task_queue, request,
               options_.call_timeout, options);
}

absl::StatusOr<v1::Task> Client::GetTask(const v1::GetTaskRequest& request,
                                         const CallOptions& options) {
  return Unary(&TaskQueue::GetTask, stubs_->task_queue, request,
               options_.call_timeout, options);
}

absl::StatusOr<v1::ListTasksResponse> Client::ListTasks(
    const v1::ListTasksRequest& request, const CallOptions& options) {
  return Unary(&TaskQueue::ListTasks, stubs_->task_queue, request,
               options_.call_timeout, options);
}

absl::StatusOr<v1::Task> Client::WaitForTask(
    const v1::WaitForTaskRequest& request, const CallOptions& options) {
  CallOptions held = options;
  // Counted from the start, when the server begins to hold it.
  if (!held.retry_for) held.retry_for = HeldTimeout() + options_.retry_for;
  return Unary(&TaskQueue::WaitForTask, stubs_->task_queue, request,
               HeldTimeout(), held);
}

absl::StatusOr<v1::Task> Client::CancelTask(
    const v1::CancelTaskRequest& request, const CallOptions& options) {
  return Unary(&TaskQueue::CancelTask, stubs_->task_queue, request,
               options_.call_timeout, options);
}

absl::StatusOr<v1::Task> Client::RetryTask(const v1::RetryTaskRequest& request,
                                           const CallOptions& options) {
  return Unary(&TaskQueue::RetryTask, stubs_->task_queue, request,
               options_.call_timeout, options);
}

absl::StatusOr<v1::Task> Client::RunTaskNow(
    const v1::RunTaskNowRequest& request, const CallOptions& options) {
  return Unary(&TaskQueue::RunTaskNow, stubs_->task_queue, request,
               options_.call_timeout, options);
}

absl::StatusOr<v1::ReleaseTaskResponse> Client::ReleaseTask(
    const v1::ReleaseTaskRequest& request, const CallOptions& options) {
  return Unary(&TaskQueue::ReleaseTask, stubs_->task_queue, request,
               options_.call_timeout, options);
}

absl::StatusOr<v1::PollForTaskOutput> Client::PollForTask(
    const v1::PollForTaskInput& request, CallOptions options) {
  options.retry_for = absl::ZeroDuration();
  v1::PollForTaskOutput output;
  const absl::Status status =
      Call(HeldTimeout(), options, [&](grpc::ClientContext* context) {
        return PollOnce(stubs_->channel, context, request, &output);
      });
  if (!status.ok() && !output.has_task_object()) return status;
  return output;
}

absl::StatusOr<v1::ReportTaskProgressOutput> Client::ReportTaskProgress(
    const v1::ReportTaskProgressInput& request, const CallOptions& options) {
  return Unary(&DataPipeline::ReportTaskProgress, stubs_->data_pipeline,
               request, options_.call_timeout, options);
}

absl::StatusOr<v1::SetTaskStatusOutput> Client::SetTaskStatus(
    const v1::SetTaskStatusInput& request, const CallOptions& options) {
  return Unary(&DataPipeline::SetTaskStatus, stubs_->data_pipeline, request,
               options_.call_timeout, options);
}

absl::StatusOr<v1::ReportTaskRunnerHeartbeatOutput>
Client::ReportTaskRunnerHeartbeat(
    const v1::ReportTaskRunnerHeartbeatInput& request,
    const CallOptions& options) {
  return Unary(&DataPipeline::ReportTaskRunnerHeartbeat, stubs_->data_pipeline,
               request, options_.call_timeout, options);
}

absl::StatusOr<v1::ActivatePipelineOutput> Client::ActivatePipeline(
    const v1::ActivatePipelineInput& request, const CallOptions& options) {
  return Unary(&DataPipeline::ActivatePipeline, stubs_->data_pipeline, request,
               options_.call_timeout, options);
}

absl::StatusOr<v1::AddTagsOutput> Client::AddTags(
    const v1::AddTagsInput& request, const CallOptions& options) {
  return Unary(&DataPipeline::AddTags, stubs_->data_pipeline, request,
               options_.call_timeout, options);
}

absl::StatusOr<v1::CreatePipelineOutput> Client::CreatePipeline(
    v1::CreatePipelineInput request, const CallOptions& options) {
  if (!request.has_unique_id()) request.set_unique_id(NewRequestId());
  return Unary(&DataPipeline::CreatePipeline, stubs_->data_pipeline, request,
               options_.call_timeout, options);
}

absl::StatusOr<v1::DeactivatePipelineOutput> Client::DeactivatePipeline(
    const v1::DeactivatePipelineInput& request, const CallOptions& options) {
  return Unary(&DataPipeline::DeactivatePipeline, stubs_->data_pipeline,
               request, options_.call_timeout, options);
}

absl::StatusOr<google::protobuf::Empty> Client::DeletePipeline(
    const v1::DeletePipelineInput& request, const CallOptions& options) {
  return Unary(&DataPipeline::DeletePipeline, stubs_->data_pipeline, request,
               options_.call_timeout, options);
}

absl::StatusOr<v1::DescribeObjectsOutput> Client::DescribeObjects(
    const v1::DescribeObjectsInput& request, const CallOptions& options) {
  return Unary(&DataPipeline::DescribeObjects, stubs_->data_pipeline, request,
               options_.call_timeout, options);
}

absl::StatusOr<v1::DescribePipelinesOutput> Client::DescribePipelines(
    const v1::DescribePipelinesInput& request, const CallOptions& options) {
  return Unary(&DataPipeline::DescribePipelines, stubs_->data_pipeline, request,
               options_.call_timeout, options);
}

absl::StatusOr<v1::EvaluateExpressionOutput> Client::EvaluateExpression(
    const v1::EvaluateExpressionInput& request, const CallOptions& options) {
  return Unary(&DataPipeline::EvaluateExpression, stubs_->data_pipeline,
               request, options_.call_timeout, options);
}

absl::StatusOr<v1::GetPipelineDefinitionOutput> Client::GetPipelineDefinition(
    const v1::GetPipelineDefinitionInput& request, const CallOptions& options) {
  return Unary(&DataPipeline::GetPipelineDefinition, stubs_->data_pipeline,
               request, options_.call_timeout, options);
}

absl::StatusOr<v1::ListPipelinesOutput> Client::ListPipelines(
    const v1::ListPipelinesInput& request, const CallOptions& options) {
  return Unary(&DataPipeline::ListPipelines, stubs_->data_pipeline, request,
               options_.call_timeout, options);
}

absl::StatusOr<v1::PutPipelineDefinitionOutput> Client::PutPipelineDefinition(
    const v1::PutPipelineDefinitionInput& request, const CallOptions& options) {
  return Unary(&DataPipeline::PutPipelineDefinition, stubs_->data_pipeline,
               request, options_.call_timeout, options);
}

absl::StatusOr<v1::QueryObjectsOutput> Client::QueryObjects(
    const v1::QueryObjectsInput& request, const CallOptions& options) {
  return Unary(&DataPipeline::QueryObjects, stubs_->data_pipeline, request,
               options_.call_timeout, options);
}

absl::StatusOr<v1::RemoveTagsOutput> Client::RemoveTags(
    const v1::RemoveTagsInput& request, const CallOptions& options) {
  return Unary(&DataPipeline::RemoveTags, stubs_->data_pipeline, request,
               options_.call_timeout, options);
}

absl::StatusOr<google::protobuf::Empty> Client::SetStatus(
    const v1::SetStatusInput& request, const CallOptions& options) {
  return Unary(&DataPipeline::SetStatus, stubs_->data_pipeline, request,
               options_.call_timeout, options);
}

absl::StatusOr<v1::ValidatePipelineDefinitionOutput>
Client::ValidatePipelineDefinition(
    const v1::ValidatePipelineDefinitionInput& request,
    const CallOptions& options) {
  return Unary(&DataPipeline::ValidatePipelineDefinition, stubs_->data_pipeline,
               request, options_.call_timeout, options);
}

absl::StatusOr<v1::ListGroupsResponse> Client::ListGroups(
    const v1::ListGroupsRequest& request, const CallOptions& options) {
  return Unary(&Operator::ListGroups, stubs_->operations, request,
               options_.call_timeout, options);
}

absl::StatusOr<v1::Group> Client::GetGroup(const v1::GetGroupRequest& request,
                                           const CallOptions& options) {
  return Unary(&Operator::GetGroup, stubs_->operations, request,
               options_.call_timeout, options);
}

absl::StatusOr<v1::Group> Client::UpdateGroup(
    const v1::UpdateGroupRequest& request, const CallOptions& options) {
  return Unary(&Operator::UpdateGroup, stubs_->operations, request,
               options_.call_timeout, options);
}

absl::StatusOr<v1::ListRunnersResponse> Client::ListRunners(
    const v1::ListRunnersRequest& request, const CallOptions& options) {
  return Unary(&Operator::ListRunners, stubs_->operations, request,
               options_.call_timeout, options);
}

absl::StatusOr<v1::Runner> Client::UpdateRunner(
    const v1::UpdateRunnerRequest& request, const CallOptions& options) {
  return Unary(&Operator::UpdateRunner, stubs_->operations, request,
               options_.call_timeout, options);
}

// Blocks in one thread: there is always a read under way.
absl::Status Client::WatchGroups(
    const v1::WatchGroupsRequest& request,
    absl::FunctionRef<bool(const v1::WatchGroupsResponse&)> heed,
    const CallOptions& options) {
  grpc::ClientContext context;
  context.AddMetadata(kRequestIdKey, NewRequestId());
  Show(options_.access_key, &context);
  if (options.timeout.has_value()) {
    context.set_deadline(absl::ToChronoTime(absl::Now() + *options.timeout));
  }
  Cancellation::Listener listener(options.cancellation,
                                  [&context] { context.TryCancel(); });
  const auto reader = stubs_->operations.WatchGroups(&context, request);
  v1::WatchGroupsResponse response;
  while (reader->Read(&response)) {
    if (heed(response)) continue;
    context.TryCancel();
    reader->Finish();
    return absl::CancelledError("cancelled");
  }
  return Outcome(reader->Finish(), options);
}

}  // namespace holdline::client
