#include "server/store/sqlite/sqlite_pipeline_rows.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "server/store/sqlite/packed_lists.h"
#include "server/store/sqlite/sqlite_columns.h"

namespace holdline {
namespace {

constexpr PipelineState kLastState = PipelineState::kDeleted;
constexpr ComponentStatus kLastComponentStatus = ComponentStatus::kFinished;
constexpr RunStatus kLastStatus = RunStatus::kSkipped;
constexpr Health kLastHealth = Health::kError;

PipelineNumber ReadPipelineNumber(const char* name,
                                  SqliteStatement& statement) {
  return PipelineNumber{static_cast<uint64_t>(statement.Integer(name))};
}

ComponentNumber ReadComponentNumber(const char* name,
                                    SqliteStatement& statement) {
  return ComponentNumber{
      static_cast<uint32_t>(statement.Integer(name, 0, UINT32_MAX))};
}

// Reads a packed value with `unpack`.
template <typename Unpack>
auto ReadPacked(const char* name, SqliteStatement& statement, Unpack unpack) {
  auto value = unpack(statement.Blob(name));
  if (!value.has_value()) statement.Reject(name);
  return std::move(value).value_or(typename decltype(value)::value_type());
}

std::vector<InstanceKey> ReadInstances(const char* name,
                                       const InstanceKey& near,
                                       SqliteStatement& statement) {
  return ReadPacked(name, statement, [&](absl::string_view packed) {
    return UnpackInstances(packed, near);
  });
}

void BindFailure(const Failure& failure, SqliteStatement& statement) {
  statement.BindText("error_id", failure.id);
  statement.BindText("error_message", failure.message);
  statement.BindText("stack_trace", failure.stack_trace);
}

Failure ReadFailure(SqliteStatement& statement) {
  return {.id = ReadText("error_id", statement),
          .message = ReadText("error_message", statement),
          .stack_trace = ReadText("stack_trace", statement)};
}

// What `health_from` is packed by.
InstanceKey PlaceOf(const ComponentRecord& record) {
  InstanceKey place;
  place.pipeline = record.pipeline;
  return place;
}

}  // namespace

absl::Status PutPipeline(const PipelineRecord& record,
                         SqliteStatement& statement) {
  const std::string tags = PackTags(record.tags);
  statement.Bind("number", static_cast<int64_t>(record.number));
  statement.BindText("id", record.id);
  statement.BindText("account", record.account.value);
  statement.BindText("creator", record.creator);
  statement.BindText("name", record.name);
  statement.BindText("unique_id", record.unique_id);
  statement.BindText("description", record.description);
  statement.BindBlob("tags", tags);
  statement.Bind("state", static_cast<int64_t>(record.state));
  statement.Bind("saved_version", int64_t{record.saved_version});
  statement.Bind("active_version", int64_t{record.active_version});
  statement.Bind("errored", int64_t{record.errored});
  statement.Bind("created_at", Microseconds(record.created_at));
  statement.Bind("first_activated_at", Microseconds(record.first_activated_at));
  statement.Bind("last_activated_at", Microseconds(record.last_activated_at));
  statement.Bind("deactivated_at", Microseconds(record.deactivated_at));
  statement.Bind("finished_at", Microseconds(record.finished_at));
  statement.Bind("health", static_cast<int64_t>(record.health));
  statement.Bind("health_at", Microseconds(record.health_at));
  return statement.Run();
}

absl::Status PutDefinition(const SavedDefinition& saved,
                           SqliteStatement& statement) {
  const std::string definition = PackDefinition(saved.definition);
  statement.Bind("pipeline", static_cast<int64_t>(saved.pipeline));
  statement.Bind("version", int64_t{saved.version});
  statement.BindBlob("definition", definition);
  return statement.Run();
}

absl::Status PutComponent(const ComponentRecord& record,
                          SqliteStatement& statement) {
  const std::string health_from =
      PackInstances({record.health_from}, PlaceOf(record));
  statement.Bind("pipeline", static_cast<int64_t>(record.pipeline));
  statement.Bind("number", static_cast<int64_t>(record.number));
  statement.BindText("id", record.id);
  statement.Bind("status", static_cast<int64_t>(record.status));
  statement.Bind("next_interval", record.next_interval);
  statement.Bind("skip_before", Microseconds(record.skip_before));
  statement.Bind("latest_run", Microseconds(record.latest_run));
  statement.Bind("latest_completed_run",
                 Microseconds(record.latest_completed_run));
  statement.Bind("deactivated_at", Microseconds(record.deactivated_at));
  statement.Bind("health", static_cast<int64_t>(record.health));
  statement.Bind("health_at", Microseconds(record.health_at));
  statement.BindBlob("health_from", health_from);
  return statement.Run();
}

absl::Status PutInstance(const Instance& instance, SqliteStatement& statement) {
  const std::string waiting_on =
      PackInstances(instance.waiting_on, instance.key);
  const std::string cascade_failed_on =
      PackInstances(instance.cascade_failed_on, instance.key);
  statement.Bind("end_time", Microseconds(instance.end));
  statement.Bind("version", int64_t{instance.version});
  statement.Bind("status", static_cast<int64_t>(instance.status));
  statement.Bind("started_at", Microseconds(instance.started_at));
  statement.Bind("attempts", int64_t{instance.attempts});
  statement.Bind("retries_left", int64_t{instance.retries_left});
  statement.Bind("task", Number(instance.task));
  statement.Bind("rerun", int64_t{instance.rerun});
  statement.Bind("late", int64_t{instance.late});
  statement.BindBlob("waiting_on", waiting_on);
  statement.BindBlob("cascade_failed_on", cascade_failed_on);
  BindFailure(instance.failure, statement);
  statement.BindText("cancellation_reason", instance.cancellation_reason);
  statement.Bind("rechecks", int64_t{instance.rechecks});
  statement.Bind("rechecked_at", Microseconds(instance.rechecked_at));
  statement.Bind("ended_at", Microseconds(instance.ended_at));
  BindInstanceKey(instance.key, statement);
  statement.Bind("created_at", Microseconds(instance.created_at));
  return statement.Run();
}

absl::Status PutInstanceAttempt(const Attempt& attempt,
                                SqliteStatement& statement) {
  BindInstanceKey(attempt.key.instance, statement);
  statement.Bind("number", int64_t{attempt.key.number});
  statement.Bind("task", Number(attempt.task));
  statement.Bind("status", static_cast<int64_t>(attempt.status));
  statement.Bind("ready_at", Microseconds(attempt.ready_at));
  statement.Bind("ended_at", Microseconds(attempt.ended_at));
  statement.BindText("hostname", attempt.hostname);
  statement.BindText("instance_arn", attempt.instance_arn);
  statement.Bind("reported_at", Microseconds(attempt.reported_at));
  statement.BindBlob("progress", attempt.progress);
  BindFailure(attempt.failure, statement);
  statement.BindText("cancellation_reason", attempt.cancellation_reason);
  return statement.Run();
}

absl::Status PutNotification(const Notification& notification,
                             SqliteStatement& statement) {
  statement.Bind("number", static_cast<int64_t>(notification.number));
  statement.BindText("account", notification.account.value);
  statement.BindText("pipeline_id", notification.pipeline_id);
  statement.BindText("object_id", notification.object_id);
  statement.BindText("action_id", notification.action_id);
  statement.BindText("topic", notification.topic);
  statement.BindText("subject", notification.subject);
  statement.BindText("message", notification.message);
  statement.Bind("created_at", Microseconds(notification.created_at));
  statement.Bind("failures", int64_t{notification.failures});
  statement.Bind("due_at", Microseconds(notification.due_at));
  return statement.Run();
}

void BindInstanceKey(const InstanceKey& key, SqliteStatement& statement) {
  statement.Bind("pipeline", static_cast<int64_t>(key.pipeline));
  statement.Bind("start_time", Microseconds(key.start));
  statement.Bind("component", static_cast<int64_t>(key.component));
  statement.Bind("owner", static_cast<int64_t>(key.owner));
}

// The members are read in the order in which they are written here.
PipelineRecord ReadPipeline(SqliteStatement& statement) {
  return {
      .number = ReadPipelineNumber("number", statement),
      .id = ReadText("id", statement),
      .account = {ReadText("account", statement)},
      .creator = ReadText("creator", statement),
      .name = ReadText("name", statement),
      .unique_id = ReadText("unique_id", statement),
      .description = ReadText("description", statement),
      .tags = ReadPacked("tags", statement, UnpackTags),
      .state = ReadEnum("state", kLastState, statement),
      .saved_version = ReadInt("saved_version", statement),
      .active_version = ReadInt("active_version", statement),
      .errored = ReadBool("errored", statement),
      .created_at = ReadTime("created_at", statement),
      .first_activated_at = ReadTime("first_activated_at", statement),
      .last_activated_at = ReadTime("last_activated_at", statement),
      .deactivated_at = ReadTime("deactivated_at", statement),
      .finished_at = ReadTime("finished_at", statement),
      .health = ReadEnum("health", kLastHealth, statement),
      .health_at = ReadTime("health_at", statement),
  };
}

SavedDefinition ReadDefinition(SqliteStatement& statement) {
  return {
      .pipeline = ReadPipelineNumber("pipeline", statement),
      .version = ReadInt("version", statement),
      .definition = ReadPacked("definition", statement, UnpackDefinition),
  };
}

ComponentRecord ReadComponent(SqliteStatement& statement) {
  ComponentRecord record{
      .pipeline = ReadPipelineNumber("pipeline", statement),
      .number = ReadComponentNumber("number", statement),
      .id = ReadText("id", statement),
      .status = ReadEnum("status", kLastComponentStatus, statement),
      .next_interval = statement.Integer("next_interval"),
      .skip_before = ReadTime("skip_before", statement),
      .latest_run = ReadTime("latest_run", statement),
      .latest_completed_run = ReadTime("latest_completed_run", statement),
      .deactivated_at = ReadTime("deactivated_at", statement),
      .health = ReadEnum("health", kLastHealth, statement),
      .health_at = ReadTime("health_at", statement),
      .health_from = {},
  };
  auto from = ReadInstances("health_from", PlaceOf(record), statement);
  if (from.size() == 1) {
    record.health_from = from.front();
  } else {
    statement.Reject("health_from");
  }
  return record;
}

InstanceKey ReadInstanceKey(SqliteStatement& statement) {
  return {
      .pipeline = ReadPipelineNumber("pipeline", statement),
      .start = ReadTime("start_time", statement),
      .component = ReadComponentNumber("component", statement),
      .owner = ReadComponentNumber("owner", statement),
  };
}

Instance ReadInstance(SqliteStatement& statement) {
  const InstanceKey key = ReadInstanceKey(statement);
  return {
      .key = key,
      .end = ReadTime("end_time", statement),
      .version = ReadInt("version", statement),
      .status = ReadEnum("status", kLastStatus, statement),
      .created_at = ReadTime("created_at", statement),
      .started_at = ReadTime("started_at", statement),
      .ended_at = ReadTime("ended_at", statement),
      .attempts = ReadInt("attempts", statement),
      .retries_left = ReadInt("retries_left", statement),
      .task = ReadTaskId("task", statement),
      .rerun = ReadBool("rerun", statement),
      .late = ReadBool("late", statement),
      .waiting_on = ReadInstances("waiting_on", key, statement),
      .cascade_failed_on = ReadInstances("cascade_failed_on", key, statement),
      .failure = ReadFailure(statement),
      .cancellation_reason = ReadText("cancellation_reason", statement),
      .rechecks = ReadInt("rechecks", statement),
      .rechecked_at = ReadTime("rechecked_at", statement),
  };
}

Attempt ReadInstanceAttempt(SqliteStatement& statement) {
  return {
      .key = {.instance = ReadInstanceKey(statement),
              .number = ReadInt("number", statement)},
      .task = ReadTaskId("task", statement),
      .status = ReadEnum("status", kLastStatus, statement),
      .ready_at = ReadTime("ready_at", statement),
      .ended_at = ReadTime("ended_at", statement),
      .hostname = ReadText("hostname", statement),
      .instance_arn = ReadText("instance_arn", statement),
      .reported_at = ReadTime("reported_at", statement),
      .progress = std::string(statement.Blob("progress")),
      .failure = ReadFailure(statement),
      .cancellation_reason = ReadText("cancellation_reason", statement),
  };
}

Notification ReadNotification(SqliteStatement& statement) {
  return {
      .number = NotificationNumber{static_cast<uint64_t>(
          statement.Integer("number"))},
      .account = {ReadText("account", statement)},
      .pipeline_id = ReadText("pipeline_id", statement),
      .object_id = ReadText("object_id", statement),
      .action_id = ReadText("action_id", statement),
      .topic = ReadText("topic", statement),
      .subject = ReadText("subject", statement),
      .message = ReadText("message", statement),
      .created_at = ReadTime("created_at", statement),
      .failures = ReadInt("failures", statement),
      .due_at = ReadTime("due_at", statement),
  };
}

}  // namespace holdline
