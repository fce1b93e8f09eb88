#include "server/rpc/services/data_pipeline_service.h"

#include <cstddef>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/base/utf8.h"
#include "server/contract/validation.h"
#include "server/queries/task_object.h"
#include "server/rpc/call/answer.h"

namespace holdline {
namespace {

// What is kept of an error that a runner tells, in bytes. Longer ones are cut:
// a task that is done is not lost because much is told about it (DATAPIPELINE
// section 3.16).
constexpr size_t kErrorMessageMax = 65536;
constexpr size_t kErrorStackTraceMax = 10240;

// The most that one report of progress may hold, in bytes.
constexpr size_t kProgressMax = 65536;

// Returns the fields that a report keeps, serialized: those whose names are not
// the service's own. Empty if there are none.
std::string ProgressOf(const v1::ReportTaskProgressInput& input) {
  v1::PipelineObject kept;
  for (const v1::Field& field : input.fields()) {
    if (!absl::StartsWith(field.key(), "@")) *kept.add_fields() = field;
  }
  return kept.SerializeAsString();
}

Failure FailureOf(const v1::SetTaskStatusInput& input) {
  return {input.error_id(),
          std::string(WholeCharacters(input.error_message(), kErrorMessageMax)),
          std::string(
              WholeCharacters(input.error_stack_trace(), kErrorStackTraceMax))};
}

// The beginning of the error ids with which AWS clients say `do_not_retry`.
constexpr absl::string_view kDoNotRetry = "DoNotRetry";

// Validation lets only the three through.
AttemptEnd EndOf(const v1::SetTaskStatusInput& input) {
  switch (input.task_status()) {
    case v1::SetTaskStatusInput::FINISHED:
      return AttemptEnd::kFinished;
    case v1::SetTaskStatusInput::FALSE:
      return AttemptEnd::kFalse;
    default:
      return input.do_not_retry() ||
                     absl::StartsWith(input.error_id(), kDoNotRetry)
                 ? AttemptEnd::kFailedForGood
                 : AttemptEnd::kFailed;
  }
}

}  // namespace

MethodTable::Handlers DataPipelineService::Handlers() {
  using Self = DataPipelineService;
  return {
      {"PollForTask", Bind(this, &Self::PollForTask)},
      {"ReportTaskProgress", Bind(this, &Self::ReportTaskProgress)},
      {"SetTaskStatus", Bind(this, &Self::SetTaskStatus)},
      {"ReportTaskRunnerHeartbeat",
       Bind(this, &Self::ReportTaskRunnerHeartbeat)},
  };
}

void DataPipelineService::PollForTask(const v1::PollForTaskInput& input,
                                      UnaryCall* call) {
  const v1::InstanceIdentity& identity = input.instance_identity();
  absl::StatusOr<std::string> instance_arn =
      verifier_->Verify(identity.document(), identity.signature());
  if (!instance_arn.ok()) return call->Refuse(instance_arn.status());
  HeldPoll::Start(environment_, call,
                  Poll{{call->account(), input.worker_group()},
                       input.hostname(),
                       environment_.holding->Until(*call),
                       *std::move(instance_arn),
                       input.taskrunner_id()});
}

void DataPipelineService::ReportTaskProgress(
    const v1::ReportTaskProgressInput& input, UnaryCall* call) {
  const absl::StatusOr<LeaseName> lease =
      environment_.tokens->Read(call->account(), input.task_id());
  if (!lease.ok()) return call->Refuse(lease.status());
  call->About(TaskName(lease->task));
  std::string progress = ProgressOf(input);
  if (progress.size() > kProgressMax) {
    return call->Refuse(ConstraintError(
        "fields", absl::StrCat("Member must have length less than or equal to ",
                               kProgressMax, " bytes in all")));
  }
  call->Ask(ReportProgress{lease->task, lease->lease, std::move(progress)},
            OnAnswer<ReportAnswer>(call, [call](const ReportAnswer& answer) {
              v1::ReportTaskProgressOutput output;
              output.set_canceled(answer.canceled);
              call->Answer(output);
            }));
}

void DataPipelineService::SetTaskStatus(const v1::SetTaskStatusInput& input,
                                        UnaryCall* call) {
  const absl::StatusOr<LeaseName> lease =
      environment_.tokens->Read(call->account(), input.task_id());
  if (!lease.ok()) return call->Refuse(lease.status());
  call->About(TaskName(lease->task));
  const bool failed = input.task_status() == v1::SetTaskStatusInput::FAILED;
  call->Ask(EndAttempt{lease->task, lease->lease, EndOf(input),
                       failed ? FailureOf(input) : Failure()},
            OnAnswer<EndAnswer>(call, [call](const EndAnswer& answer) {
              v1::SetTaskStatusOutput output;
              if (answer.canceled) output.set_canceled(true);
              call->Answer(output);
            }));
}

void DataPipelineService::ReportTaskRunnerHeartbeat(
    const v1::ReportTaskRunnerHeartbeatInput& input, UnaryCall* call) {
  call->About(absl::StrCat("runner ", input.taskrunner_id()));
  call->Ask(
      Heartbeat{{call->account(), input.taskrunner_id()},
                input.hostname(),
                input.worker_group()},
      OnAnswer<HeartbeatAnswer>(call, [call](const HeartbeatAnswer& answer) {
        v1::ReportTaskRunnerHeartbeatOutput output;
        output.set_terminate(answer.terminate);
        call->Answer(output);
      }));
}

}  // namespace holdline
