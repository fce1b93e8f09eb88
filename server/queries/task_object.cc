#include "server/queries/task_object.h"

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/contract/text.h"
#include "server/contract/validation.h"
#include "server/pipeline/calendar/field_time.h"
#include "server/queries/pipeline_message.h"
#include "server/queries/required_fields.h"

namespace holdline {
namespace {

using Fields = ::google::protobuf::RepeatedPtrField<v1::Field>;

constexpr absl::string_view kNamePrefix = "task-";
constexpr absl::string_view kAttemptInfix = "_Attempt=";
constexpr absl::string_view kComponentParent = "@componentParent";
constexpr absl::string_view kType = "type";
constexpr absl::string_view kActualStartTime = "@actualStartTime";
constexpr absl::string_view kPipelineId = "@pipelineId";
constexpr absl::string_view kLabelPrefix = "@label.";

// A component is named in refs, which may have this many characters.
constexpr int64_t kComponentLengthMax = 256;

// A field that the service writes, whatever was submitted.
struct ServiceField {
  std::string key;
  std::string value;
  bool is_ref = false;
  bool written = false;
};

// The performed object before it is stored, but for its fields, which stand in
// the NewTask.
struct Performed {
  std::string component;
  std::string type;
};

std::string InstanceId(absl::string_view component,
                       absl::string_view scheduled_start) {
  return absl::StrCat("@", component, "_", scheduled_start);
}

// In the order of the documented sample. The two that are only known at the
// hand-out stand empty until then.
std::vector<ServiceField> ServiceFields(const Performed& performed,
                                        absl::string_view worker_group,
                                        const std::string& start,
                                        const std::string& instance) {
  return {{std::string(kComponentParent), performed.component, true},
          {"@scheduledStartTime", start},
          {"parent", performed.component, true},
          {"@sphere", "ATTEMPT"},
          {"workerGroup", std::string(worker_group)},
          {"@instanceParent", instance, true},
          {std::string(kType), performed.type},
          {"@status", "WAITING_FOR_RUNNER"},
          {"@version", "1"},
          {std::string(kActualStartTime), ""},
          {"@scheduledEndTime", start},
          {"@activeInstances", instance, true},
          {std::string(kPipelineId), ""}};
}

// A length of time as fields write it (DATAPIPELINE section 5.1), in whole
// seconds.
std::string Period(const google::protobuf::Duration& duration) {
  return duration.seconds() % 60 == 0
             ? absl::StrCat(duration.seconds() / 60, " minutes")
             : absl::StrCat(duration.seconds(), " seconds");
}

// Tells the runner the timeouts that were asked for: it should report more
// often than the one, and be done before the other.
void AddTimeouts(const v1::NewTask& task, std::vector<ServiceField>* fields) {
  if (task.has_report_progress_timeout()) {
    fields->push_back(
        {"reportProgressTimeout", Period(task.report_progress_timeout())});
  }
  if (task.has_attempt_timeout()) {
    fields->push_back({"attemptTimeout", Period(task.attempt_timeout())});
  }
}

// Tells the runner what the submitter finds the task by, in the order of the
// keys.
void AddLabels(const v1::NewTask& task, std::vector<ServiceField>* fields) {
  const std::map<std::string, std::string> labels(task.labels().begin(),
                                                  task.labels().end());
  for (const auto& [key, value] : labels) {
    fields->push_back({absl::StrCat(kLabelPrefix, key), value});
  }
}

void Write(ServiceField* from, v1::Field* to) {
  from->written = true;
  to->Clear();
  to->set_key(from->key);
  (from->is_ref ? to->mutable_ref_value() : to->mutable_string_value())
      ->swap(from->value);
}

// Writes each service field where the key stands first, drops what repeats it,
// and appends those that are missing.
void WriteServiceFields(absl::Span<ServiceField> service_fields,
                        Fields* fields) {
  int kept = 0;
  for (int i = 0; i < fields->size(); ++i) {
    const auto owned =
        absl::c_find_if(service_fields, [&](const ServiceField& candidate) {
          return candidate.key == fields->Get(i).key();
        });
    if (owned != service_fields.end()) {
      if (owned->written) continue;
      Write(&*owned, fields->Mutable(i));
    }
    fields->SwapElements(kept++, i);
  }
  fields->DeleteSubrange(kept, fields->size() - kept);
  for (ServiceField& field : service_fields) {
    if (!field.written) Write(&field, fields->Add());
  }
}

absl::Status CheckFields(const Fields& fields, absl::string_view path) {
  for (int i = 0; i < fields.size(); ++i) {
    const v1::Field& field = fields[i];
    if (field.has_string_value() == field.has_ref_value()) {
      return ConstraintError(
          absl::StrCat(path, ".fields[", i, "]"),
          "Member must have exactly one of stringValue and refValue");
    }
    if (field.has_string_value() && field.string_value().empty()) {
      return ConstraintError(
          absl::StrCat(path, ".fields[", i, "].stringValue"),
          "Member must have length greater than or equal to 1");
    }
  }
  return absl::OkStatus();
}

const v1::Field* FindField(const Fields& fields, absl::string_view key) {
  const auto field = absl::c_find_if(
      fields, [key](const v1::Field& field) { return field.key() == key; });
  return field == fields.end() ? nullptr : &*field;
}

absl::StatusOr<Performed> FromPlain(const v1::NewTask& task,
                                    absl::string_view path) {
  if (!task.has_type()) {
    return ConstraintError(absl::StrCat(path, ".type"),
                           "Member must not be null without taskObject");
  }
  absl::Status status = CheckFields(task.fields(), path);
  if (!status.ok()) return status;
  status = CheckRequiredFields(task.type(), task.fields(),
                               absl::StrCat(path, ".fields"));
  if (!status.ok()) return status;
  return Performed{task.type(), task.type()};
}

// Finds the object to be performed, takes it out of the task object, and leaves
// its fields where the plain form has them.
absl::StatusOr<Performed> FromObject(absl::string_view task_path,
                                     v1::NewTask* task) {
  const std::string path = absl::StrCat(task_path, ".taskObject");
  if (task->has_type() || task->fields_size() > 0) {
    return ConstraintError(path,
                           "Member must be null if type or fields are given");
  }
  v1::TaskObject* const object = task->mutable_task_object();
  for (const auto& [id, member] : object->objects()) {
    absl::Status status =
        CheckFields(member.fields(), absl::StrCat(path, ".objects[*]"));
    if (!status.ok()) return status;
  }
  const auto found = object->mutable_objects()->find(object->attempt_id());
  if (found == object->mutable_objects()->end()) {
    return ConstraintError(absl::StrCat(path, ".attemptId"),
                           "Member must be a key of objects");
  }
  v1::PipelineObject& member = found->second;
  const v1::Field* parent = FindField(member.fields(), kComponentParent);
  const v1::Field* type = FindField(member.fields(), kType);
  if (type == nullptr || !type->has_string_value()) {
    return ConstraintError(
        absl::StrCat(path, ".objects[*].fields"),
        "Member must have a stringValue with the key type for the object that "
        "attemptId names");
  }
  absl::Status status =
      CheckRequiredFields(type->string_value(), member.fields(),
                          absl::StrCat(path, ".objects[*].fields"));
  if (!status.ok()) return status;
  Performed performed;
  performed.component = parent != nullptr && parent->has_ref_value()
                            ? parent->ref_value()
                            : member.id();
  performed.type = type->string_value();
  task->mutable_fields()->Swap(member.mutable_fields());
  object->mutable_objects()->erase(found);
  return performed;
}

absl::Status CheckComponent(const Performed& performed,
                            absl::string_view path) {
  if (ExamineText(performed.component).characters > kComponentLengthMax) {
    return ConstraintError(
        absl::StrCat(path, ".taskObject.objects[*].id"),
        absl::StrCat("Member must have length less than or equal to ",
                     kComponentLengthMax, " for the object to be performed"));
  }
  return absl::OkStatus();
}

// The attempts of the task will need their ids for themselves.
absl::Status CheckCompanions(const v1::TaskObject& object,
                             absl::string_view instance,
                             absl::string_view path) {
  for (const auto& [id, member] : object.objects()) {
    if (id == instance ||
        absl::StartsWith(id, absl::StrCat(instance, kAttemptInfix))) {
      return ConstraintError(
          absl::StrCat(path, ".taskObject.objects[*]"),
          "Member must not have the id of an attempt of the task");
    }
  }
  return absl::OkStatus();
}

// Turns the instance of a submitted task into its present attempt.
void NameAttempt(const Task& task, v1::TaskObject* object) {
  const std::string name = TaskName(task.id);
  const std::string instance = std::move(*object->mutable_attempt_id());
  const std::string attempt =
      absl::StrCat(instance, kAttemptInfix, task.state.attempt);
  auto& objects = *object->mutable_objects();
  v1::PipelineObject& performed = objects[attempt];
  performed.Swap(&objects[instance]);
  objects.erase(instance);

  performed.set_id(attempt);
  performed.set_name(attempt);
  for (v1::Field& field : *performed.mutable_fields()) {
    if (field.key() == kPipelineId) field.set_string_value(name);
    if (field.key() == kActualStartTime) {
      field.set_string_value(FieldTime(task.state.ready_at));
    }
  }
  object->set_pipeline_id(name);
  object->set_attempt_id(attempt);
}

}  // namespace

std::string TaskName(TaskNumber number) {
  return absl::StrCat(kNamePrefix, static_cast<uint64_t>(number));
}

std::string TaskName(TaskId id) { return TaskName(NumberOf(id)); }

absl::StatusOr<TaskNumber> ParseTaskName(absl::string_view name) {
  absl::string_view digits = name;
  uint64_t number = 0;
  if (!absl::ConsumePrefix(&digits, kNamePrefix) ||
      !absl::SimpleAtoi(digits, &number) || digits != absl::StrCat(number) ||
      number >> kTaskNumberBits != 0) {
    return absl::NotFoundError("no task has this name");
  }
  return TaskNumber{number};
}

absl::StatusOr<TaskContent> MakeTaskContent(v1::NewTask&& task,
                                            absl::string_view path,
                                            absl::Time scheduled_start,
                                            size_t payload_max) {
  absl::StatusOr<Performed> performed =
      task.has_task_object() ? FromObject(path, &task) : FromPlain(task, path);
  if (!performed.ok()) return performed.status();
  absl::Status status = CheckComponent(*performed, path);
  if (!status.ok()) return status;

  v1::TaskObject& object = *task.mutable_task_object();
  const std::string start = FieldTime(scheduled_start);
  const std::string instance = InstanceId(performed->component, start);
  status = CheckCompanions(object, instance, path);
  if (!status.ok()) return status;

  auto service_fields =
      ServiceFields(*performed, task.worker_group(), start, instance);
  AddTimeouts(task, &service_fields);
  AddLabels(task, &service_fields);
  WriteServiceFields(absl::MakeSpan(service_fields), task.mutable_fields());
  object.clear_task_id();
  object.clear_pipeline_id();
  object.set_attempt_id(instance);
  (*object.mutable_objects())[instance].mutable_fields()->Swap(
      task.mutable_fields());

  TaskContent content{std::move(performed->type), object.SerializeAsString()};
  if (content.payload.size() > payload_max) {
    return ConstraintError(
        path, absl::StrCat("Member must have length less than or equal to ",
                           payload_max, " bytes in all"));
  }
  return content;
}

std::string EncodeTaskObject(const std::string& pipeline_id,
                             absl::Span<const PipelineObject> objects) {
  v1::TaskObject message;
  message.set_pipeline_id(pipeline_id);
  message.set_attempt_id(objects.front().id);
  for (const PipelineObject& object : objects) {
    ToProto(object, &(*message.mutable_objects())[object.id]);
  }
  return message.SerializeAsString();
}

absl::Status FillTaskObject(absl::string_view payload, const Task& task,
                            v1::TaskObject* object) {
  if (!object->ParseFromArray(payload.data(),
                              static_cast<int>(payload.size())) ||
      !object->objects().contains(object->attempt_id())) {
    return absl::DataLossError("the stored task object cannot be read");
  }
  if (task.spec.kind == TaskKind::kDirect) NameAttempt(task, object);
  return absl::OkStatus();
}

}  // namespace holdline
