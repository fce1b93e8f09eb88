#include "server/log/observers.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/broker/update.h"
#include "server/log/pipeline_lines.h"

namespace holdline {
namespace {

LogField TaskField(TaskId task) {
  return {"task", absl::StrCat("task-", static_cast<uint64_t>(NumberOf(task)))};
}

LogField NumberField(const char* name, uint64_t number) {
  return {name, static_cast<int64_t>(number)};
}

const char* ToString(ReturnReason reason) {
  switch (reason) {
    case ReturnReason::kUndelivered:
      return "undelivered";
    case ReturnReason::kUnacknowledged:
      return "unacknowledged";
    case ReturnReason::kReleased:
      return "released";
  }
  return "";
}

const char* ToString(FailureCause cause) {
  switch (cause) {
    case FailureCause::kReported:
      return "reported";
    case FailureCause::kFalse:
      return "false";
    case FailureCause::kProgressTimeout:
      return "progress_timeout";
    case FailureCause::kAttemptTimeout:
      return "attempt_timeout";
    case FailureCause::kPermanent:
      return "permanent";
  }
  return "";
}

// Turns a fact into an event.
struct Describe {
  LogEvent operator()(const TaskSubmitted& fact) const {
    const TaskSpec& spec = fact.task.spec;
    return Event("task_submitted", {TaskField(fact.task.id),
                                    {"group", spec.group.name},
                                    {"account", spec.group.account.value},
                                    {"type", spec.type}});
  }
  LogEvent operator()(const TaskLeased& fact) const {
    return Event("task_leased",
                 {TaskField(fact.task),
                  NumberField("lease", static_cast<uint64_t>(fact.lease.id)),
                  {"hostname", fact.lease.hostname},
                  {"runner", fact.lease.taskrunner_id},
                  {"instance_arn", fact.lease.instance_arn}});
  }
  LogEvent operator()(const ProgressReported& fact) const {
    return Event("progress_reported", {TaskField(fact.task)});
  }
  LogEvent operator()(const LeaseReturned& fact) const {
    return Event("lease_returned",
                 {TaskField(fact.task), {"reason", ToString(fact.reason)}});
  }
  LogEvent operator()(const AttemptFailed& fact) const {
    const bool final = fact.retry_at == absl::InfiniteFuture();
    return Event("attempt_failed", {TaskField(fact.task),
                                    {"reason", ToString(fact.cause)},
                                    {"final", final}});
  }
  LogEvent operator()(const TaskFinished& fact) const {
    return Event("task_finished", {TaskField(fact.task)});
  }
  LogEvent operator()(const TaskCanceled& fact) const {
    return Event("task_canceled", {TaskField(fact.task)});
  }
  LogEvent operator()(const TaskRetried& fact) const {
    return Event("task_retried", {TaskField(fact.task.id),
                                  {"group", fact.task.spec.group.name}});
  }
  LogEvent operator()(const DelayEnded& fact) const {
    return Event("delay_ended", {TaskField(fact.task)});
  }
  LogEvent operator()(const GroupChanged& fact) const {
    return Event("group_changed",
                 {{"group", fact.settings.group.name},
                  {"account", fact.settings.group.account.value},
                  {"paused", fact.settings.paused},
                  {"draining", fact.settings.draining}});
  }
  LogEvent operator()(const RunnerChanged& fact) const {
    return Event("runner_changed", {{"runner", fact.record.runner.name},
                                    {"group", fact.record.worker_group},
                                    {"draining", fact.record.draining}});
  }
  LogEvent operator()(const RunnerForgotten& fact) const {
    return Event("runner_forgotten", {{"runner", fact.runner.name}});
  }
  LogEvent operator()(const RequestRemembered& fact) const {
    return Event("request_remembered",
                 {TaskField(fact.record.first), {"count", fact.record.count}});
  }
  LogEvent operator()(const RequestForgotten&) const {
    return Event("request_forgotten", {});
  }

  static LogEvent Event(const char* name, std::vector<LogField> fields) {
    return {LogLevel::kDebug, name, std::move(fields)};
  }
};

void WriteFacts(Log* log, const Batch& batch) {
  if (!log->Wants(LogLevel::kDebug)) return;
  for (const Update& update : batch.updates) {
    log->Write(std::visit(Describe(), update));
  }
}

void WriteStoreStatus(Log* log, const absl::Status& status) {
  if (status.ok()) {
    log->Write({LogLevel::kInfo, "store_recovered", {}});
    return;
  }
  log->WriteThrottled("store_failed",
                      {LogLevel::kError,
                       "store_failed",
                       {{"code", absl::StatusCodeToString(status.code())},
                        {"reason", std::string(status.message())}}});
}

void WriteGap(Log* log, const GapFacts& gap) {
  log->WriteThrottled(
      "clock_gap",
      {LogLevel::kWarning,
       "clock_gap",
       {{"stall_seconds", absl::ToDoubleSeconds(gap.stall)},
        {"calendar_step_seconds", absl::ToDoubleSeconds(gap.step)}}});
}

LogLevel LevelOf(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::OK:
    case grpc::StatusCode::CANCELLED:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return LogLevel::kDebug;
    case grpc::StatusCode::INVALID_ARGUMENT:
    case grpc::StatusCode::NOT_FOUND:
    case grpc::StatusCode::FAILED_PRECONDITION:
    case grpc::StatusCode::UNIMPLEMENTED:
      return LogLevel::kInfo;
    default:
      return LogLevel::kWarning;
  }
}

// A stream that was told to come back was served.
LogLevel LevelOf(const CallFacts& call) {
  const bool served = call.messages.value_or(0) > 0 &&
                      call.code == grpc::StatusCode::UNAVAILABLE;
  return served ? LogLevel::kDebug : LevelOf(call.code);
}

void WriteCall(Log* log, const CallFacts& call) {
  const LogLevel level = LevelOf(call);
  if (!log->Wants(level)) return;
  const std::string code = absl::StatusCodeToString(
      static_cast<absl::StatusCode>(static_cast<int>(call.code)));
  LogEvent event{level,
                 level == LogLevel::kDebug ? "call_ended" : "call_refused",
                 {{"request_id", call.request_id},
                  {"method", call.method},
                  {"code", code},
                  {"seconds", absl::ToDoubleSeconds(call.duration)}}};
  if (call.messages.has_value()) {
    event.fields.push_back({"messages", *call.messages});
  }
  if (!call.error.empty()) event.fields.push_back({"reason", call.error});
  if (level == LogLevel::kDebug) {
    log->Write(event);
  } else {
    log->WriteThrottled(absl::StrCat(call.method, " ", code), std::move(event));
  }
}

void WriteRefusedConnection(Log* log, const RefusedConnection& connection) {
  const std::string reason = ToString(connection.reason);
  log->WriteThrottled(absl::StrCat("connection_refused ", reason),
                      {LogLevel::kWarning,
                       "connection_refused",
                       {{"address", connection.address}, {"reason", reason}}});
}

void WriteTlsFiles(Log* log, const absl::Status& status) {
  if (status.ok()) return log->Write({LogLevel::kInfo, "tls_files_read", {}});
  log->Write({LogLevel::kWarning,
              "tls_files_refused",
              {{"reason", std::string(status.message())}}});
}

}  // namespace

EngineObserver LogEngine(Log* log) {
  return {
      .on_committed =
          [log](const Batch& tasks, const PipelineBatch& pipelines,
                const TurnFacts&, absl::Time) {
            WriteFacts(log, tasks);
            WritePipelineFacts(log, pipelines.facts);
          },
      .on_store_status =
          [log](const absl::Status& status) { WriteStoreStatus(log, status); },
      .on_gap = [log](const GapFacts& gap) { WriteGap(log, gap); }};
}

RpcObserver LogCalls(Log* log) {
  return {
      .on_call = [log](const CallFacts& call) { WriteCall(log, call); },
      .on_poll = nullptr,
      .connections = {.on_refused =
                          [log](const RefusedConnection& connection) {
                            WriteRefusedConnection(log, connection);
                          }},
      .on_tls_files =
          [log](const absl::Status& status) { WriteTlsFiles(log, status); }};
}

NotifyObserver LogNotifications(Log* log) {
  return {.on_event = [log](const NotifyEvent& event) {
    const bool sent = event.result.delivered;
    log->Write({sent ? LogLevel::kInfo : LogLevel::kWarning,
                sent ? "notification_delivered" : "notification_not_delivered",
                {{"pipeline", event.notification.pipeline_id},
                 {"object", event.notification.object_id},
                 {"action", event.notification.action_id},
                 {"reason", event.reason}}});
  }};
}

}  // namespace holdline
