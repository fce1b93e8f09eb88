// A client of a Holdline server.
//
//   holdline::client::Client client(holdline::client::Connect("host:7070"));
//   holdline::v1::SubmitTasksRequest request;
//   ...
//   absl::StatusOr<holdline::v1::SubmitTasksResponse> taken =
//       client.SubmitTasks(request);
//
// Thread-safe: all methods may be called from several threads at once. Each
// blocks until it has an answer or gives up.

#ifndef HOLDLINE_CLIENT_HOLDLINE_CLIENT_H_
#define HOLDLINE_CLIENT_HOLDLINE_CLIENT_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "client/call_options.h"
#include "client/time_and_chance.h"
#include "client/tls_files.h"
#include "google/protobuf/empty.pb.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"
#include "holdline/v1/data_pipeline.pb.h"
#include "holdline/v1/operator.pb.h"
#include "holdline/v1/task_queue.pb.h"

namespace holdline::client {

// A channel to `address` (HOST:PORT), encrypted if `tls` is enabled, on which a
// dead connection is noticed within 30 seconds even while a poll is held.
// Connects when it is first used. The files are not checked (see Check), and
// their changes are followed.
std::shared_ptr<grpc::Channel> Connect(const std::string& address,
                                       const TlsFiles& tls = {});

// Every method returns the server's answer or one of these errors. The message
// is meant for people; ReasonOf (call_error.h) has the AWS error name.
//  - UNAVAILABLE: nothing answers at the address, or the server cannot serve
//    now. The call was tried again first, for retry_for.
//  - DEADLINE_EXCEEDED: no answer in time. What was asked may have happened.
//  - CANCELLED: by CallOptions::cancellation, likewise. If the server cancels a
//    call, that is UNAVAILABLE.
//  - what the method's comment in proto/holdline/v1 lists.
class Client {
 public:
  explicit Client(std::shared_ptr<grpc::Channel> channel,
                  ClientOptions options = {},
                  TimeAndChance time_and_chance = RealTimeAndChance());
  ~Client();

  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // TaskQueue. A submission without a `request_id` is given one, so that it can
  // be tried again without taking the tasks twice.
  absl::StatusOr<v1::SubmitTasksResponse> SubmitTasks(
      v1::SubmitTasksRequest request, const CallOptions& options = {});
  absl::StatusOr<v1::Task> GetTask(const v1::GetTaskRequest& request,
                                   const CallOptions& options = {});
  absl::StatusOr<v1::ListTasksResponse> ListTasks(
      const v1::ListTasksRequest& request, const CallOptions& options = {});
  absl::StatusOr<v1::Task> WaitForTask(const v1::WaitForTaskRequest& request,
                                       const CallOptions& options = {});
  absl::StatusOr<v1::Task> CancelTask(const v1::CancelTaskRequest& request,
                                      const CallOptions& options = {});
  absl::StatusOr<v1::Task> RetryTask(const v1::RetryTaskRequest& request,
                                     const CallOptions& options = {});
  absl::StatusOr<v1::Task> RunTaskNow(const v1::RunTaskNowRequest& request,
                                      const CallOptions& options = {});
  absl::StatusOr<v1::ReleaseTaskResponse> ReleaseTask(
      const v1::ReleaseTaskRequest& request, const CallOptions& options = {});

  // DataPipeline. A poll is never tried again by itself: who polls, polls in a
  // loop. A task that has arrived is returned whatever became of the call, so
  // that the caller of a cancelled poll can hand it back.
  absl::StatusOr<v1::PollForTaskOutput> PollForTask(
      const v1::PollForTaskInput& request, CallOptions options = {});
  absl::StatusOr<v1::ReportTaskProgressOutput> ReportTaskProgress(
      const v1::ReportTaskProgressInput& request,
      const CallOptions& options = {});
  absl::StatusOr<v1::SetTaskStatusOutput> SetTaskStatus(
      const v1::SetTaskStatusInput& request, const CallOptions& options = {});
  absl::StatusOr<v1::ReportTaskRunnerHeartbeatOutput> ReportTaskRunnerHeartbeat(
      const v1::ReportTaskRunnerHeartbeatInput& request,
      const CallOptions& options = {});

  // DataPipeline, for pipelines. A creation without a `unique_id` is given one,
  // so that it can be tried again without making two. A try that was lost on
  // its way back may have been heard: another may then begin a second run of an
  // on-demand pipeline, and find a pipeline deleted that it is to delete.
  absl::StatusOr<v1::ActivatePipelineOutput> ActivatePipeline(
      const v1::ActivatePipelineInput& request,
      const CallOptions& options = {});
  absl::StatusOr<v1::AddTagsOutput> AddTags(const v1::AddTagsInput& request,
                                            const CallOptions& options = {});
  absl::StatusOr<v1::CreatePipelineOutput> CreatePipeline(
      v1::CreatePipelineInput request, const CallOptions& options = {});
  absl::StatusOr<v1::DeactivatePipelineOutput> DeactivatePipeline(
      const v1::DeactivatePipelineInput& request,
      const CallOptions& options = {});
  absl::StatusOr<google::protobuf::Empty> DeletePipeline(
      const v1::DeletePipelineInput& request, const CallOptions& options = {});
  absl::StatusOr<v1::DescribeObjectsOutput> DescribeObjects(
      const v1::DescribeObjectsInput& request, const CallOptions& options = {});
  absl::StatusOr<v1::DescribePipelinesOutput> DescribePipelines(
      const v1::DescribePipelinesInput& request,
      const CallOptions& options = {});
  absl::StatusOr<v1::EvaluateExpressionOutput> EvaluateExpression(
      const v1::EvaluateExpressionInput& request,
      const CallOptions& options = {});
  absl::StatusOr<v1::GetPipelineDefinitionOutput> GetPipelineDefinition(
      const v1::GetPipelineDefinitionInput& request,
      const CallOptions& options = {});
  absl::StatusOr<v1::ListPipelinesOutput> ListPipelines(
      const v1::ListPipelinesInput& request, const CallOptions& options = {});
  absl::StatusOr<v1::PutPipelineDefinitionOutput> PutPipelineDefinition(
      const v1::PutPipelineDefinitionInput& request,
      const CallOptions& options = {});
  absl::StatusOr<v1::QueryObjectsOutput> QueryObjects(
      const v1::QueryObjectsInput& request, const CallOptions& options = {});
  absl::StatusOr<v1::RemoveTagsOutput> RemoveTags(
      const v1::RemoveTagsInput& request, const CallOptions& options = {});
  absl::StatusOr<google::protobuf::Empty> SetStatus(
      const v1::SetStatusInput& request, const CallOptions& options = {});
  absl::StatusOr<v1::ValidatePipelineDefinitionOutput>
  ValidatePipelineDefinition(const v1::ValidatePipelineDefinitionInput& request,
                             const CallOptions& options = {});

  // Operator.
  absl::StatusOr<v1::ListGroupsResponse> ListGroups(
      const v1::ListGroupsRequest& request, const CallOptions& options = {});
  absl::StatusOr<v1::Group> GetGroup(const v1::GetGroupRequest& request,
                                     const CallOptions& options = {});
  absl::StatusOr<v1::Group> UpdateGroup(const v1::UpdateGroupRequest& request,
                                        const CallOptions& options = {});
  absl::StatusOr<v1::ListRunnersResponse> ListRunners(
      const v1::ListRunnersRequest& request, const CallOptions& options = {});
  absl::StatusOr<v1::Runner> UpdateRunner(
      const v1::UpdateRunnerRequest& request, const CallOptions& options = {});

  // Follows the worker groups: gives each message to `heed`, until that returns
  // false, which ends the stream with CANCELLED, or the stream ends, which it
  // does with an error. It is not begun again by itself, and has no deadline
  // unless the options set one.
  absl::Status WatchGroups(
      const v1::WatchGroupsRequest& request,
      absl::FunctionRef<bool(const v1::WatchGroupsResponse&)> heed,
      const CallOptions& options = {});

  // Waits before something is asked again that this client does not ask again
  // by itself: for `wait`, until it is cancelled, or until a connection that
  // was lost is there again. `cancellation` may be null.
  void Pause(absl::Duration wait, const Cancellation* cancellation);

 private:
  struct Stubs;
  using Try = absl::FunctionRef<grpc::Status(grpc::ClientContext*)>;

  template <class Calls, class Request, class Response>
  using Method = void (Calls::*)(grpc::ClientContext*, const Request*,
                                 Response*, std::function<void(grpc::Status)>);

  template <class Calls, class Stub, class Request, class Response>
  absl::StatusOr<Response> Unary(Method<Calls, Request, Response> method,
                                 Stub& stub, const Request& request,
                                 absl::Duration timeout,
                                 const CallOptions& options);

  // Tries until there is an answer other than UNAVAILABLE, or time is up.
  absl::Status Call(absl::Duration timeout, const CallOptions& options,
                    Try once);

  absl::Duration HeldTimeout() const {
    return options_.hold + options_.hold_margin;
  }

  // A random UUID.
  std::string NewRequestId() const;

  const ClientOptions options_;
  const TimeAndChance time_and_chance_;
  const std::unique_ptr<Stubs> stubs_;
};

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_HOLDLINE_CLIENT_H_
