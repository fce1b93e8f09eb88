#include "server/pipeline/testing/random_definition.h"

#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/pipeline/calendar/field_time.h"

namespace holdline {
namespace {

constexpr int kSchedules = 2;

class Writer {
 public:
  Writer(Tape& tape, absl::Time start) : tape_(tape), start_(start) {}

  Definition Write() {
    on_demand_ = tape_.OneIn(5);
    has_resource_ = tape_.OneIn(3);
    AddDefault();
    if (!on_demand_) {
      for (int i = 0; i < kSchedules; ++i) AddSchedule(i);
    }
    Add("Alarm", {{"type", "SnsAlarm"},
                  {"topicArn", "arn:aws:sns:us-east-1:1:alarms"},
                  {"subject", "#{node.name}"},
                  {"message", "#{node.@status} #{node.errorMessage}"},
                  {"role", "role"}});
    Add("Stop", {{"type", "Terminate"}});
    AddPrecondition("Held", "ShellCommandPrecondition");
    AddPrecondition("There", "S3KeyExists");
    if (has_resource_) AddResource();
    const size_t count = 2 + tape_.Below(3);
    for (size_t i = 0; i < count; ++i) AddNext(static_cast<int>(i));
    return std::move(definition_);
  }

 private:
  PipelineObject& Add(const std::string& id, std::vector<Field> fields) {
    definition_.objects.push_back({id, id, std::move(fields)});
    return definition_.objects.back();
  }

  void AddDefault() {
    PipelineObject& object = Add("Default", {{"workerGroup", "wg"}});
    const auto add = [&](const char* key, const std::string& value) {
      object.fields.push_back({key, value});
    };
    if (on_demand_) {
      add("scheduleType", "ondemand");
      add("maxActiveInstances", absl::StrCat(1 + tape_.Below(3)));
    } else {
      add("scheduleType", tape_.OneIn(2) ? "cron" : "timeseries");
    }
    if (tape_.OneIn(2)) add("failureAndRerunMode", "cascade");
    add("maximumRetries", absl::StrCat(tape_.Below(3)));
    add("retryDelay", tape_.OneIn(2) ? "5 minutes" : "15 minutes");
  }

  void AddSchedule(int number) {
    static constexpr const char* kPeriods[] = {"15 minutes", "1 hour",
                                               "30 minutes", "2 hours"};
    PipelineObject& object =
        Add(absl::StrCat("Schedule", number),
            {{"type", "Schedule"}, {"period", kPeriods[tape_.Below(4)]}});
    const absl::Time start = start_ + absl::Minutes(15) * tape_.Below(5);
    if (tape_.OneIn(4)) {
      object.fields.push_back({"startAt", "FIRST_ACTIVATION_DATE_TIME"});
    } else {
      object.fields.push_back({"startDateTime", FieldTime(start)});
    }
    if (tape_.OneIn(3)) {
      object.fields.push_back(
          {"endDateTime", FieldTime(start + absl::Hours(3 + tape_.Below(8)))});
    } else {
      object.fields.push_back(
          {"occurrences", absl::StrCat(1 + tape_.Below(6))});
    }
  }

  void AddPrecondition(const std::string& id, const std::string& type) {
    PipelineObject& object = Add(id, {{"type", type}, {"role", "role"}});
    if (type == "S3KeyExists") {
      object.fields.push_back({"s3Key", "s3://bucket/#{node.name}"});
    } else {
      object.fields.push_back({"command", "test -e #{node.name}"});
    }
    if (tape_.OneIn(2)) {
      object.fields.push_back({"preconditionTimeout", "30 minutes"});
    }
  }

  void AddResource() {
    PipelineObject& object = Add(
        "Resource",
        {{"type", "Ec2Resource"}, {"role", "role"}, {"resourceRole", "role"}});
    Schedule(object);
    if (tape_.OneIn(2)) object.fields.push_back({"terminateAfter", "2 hours"});
    if (tape_.OneIn(3)) object.fields.push_back({"initTimeout", "20 minutes"});
    if (tape_.OneIn(3)) {
      object.fields.push_back({"actionOnTaskFailure", "terminate"});
    }
    if (tape_.OneIn(2)) {
      object.fields.push_back({"maxActiveInstances", "1"});
    }
  }

  void Schedule(PipelineObject& object) {
    if (on_demand_) return;
    object.fields.push_back(
        {"schedule", absl::StrCat("Schedule", tape_.OneIn(3) ? 1 : 0), true});
  }

  // Adds an activity or a node; what it depends on is there already.
  void AddNext(int number) {
    const std::string id = absl::StrCat("C", number);
    const bool is_node = tape_.OneIn(3);
    PipelineObject object{id, id, {}};
    if (is_node) {
      object.fields = {{"type", "S3DataNode"},
                       {"filePath", "s3://bucket/#{@scheduledStartTime}"}};
    } else {
      object.fields = {{"type", "ShellCommandActivity"},
                       {"command", Command()}};
    }
    Schedule(object);
    Depend(object, is_node);
    Limit(object);
    if (tape_.OneIn(3)) {
      object.fields.push_back({"precondition", "Held", true});
    }
    if (tape_.OneIn(5)) {
      object.fields.push_back({"precondition", "There", true});
    }
    if (!is_node && has_resource_ && !tape_.OneIn(3)) {
      object.fields.push_back({"runsOn", "Resource", true});
    }
    definition_.objects.push_back(std::move(object));
    (is_node ? nodes_ : activities_).push_back(id);
  }

  std::string Command() {
    switch (tape_.Below(8)) {
      case 0:
        return "echo #{nothing}";  // fails when it is offered
      case 1:
        return "echo #{minute(@scheduledStartTime) / minute("
               "@scheduledStartTime)}";  // fails at full hours
      default:
        return "echo #{@scheduledStartTime}";
    }
  }

  void Depend(PipelineObject& object, bool is_node) {
    if (!activities_.empty() && tape_.OneIn(2)) {
      object.fields.push_back(
          {"dependsOn", activities_[tape_.Below(activities_.size())], true});
    }
    if (!is_node && !nodes_.empty() && tape_.OneIn(2)) {
      object.fields.push_back(
          {"input", nodes_[tape_.Below(nodes_.size())], true});
    }
    // A node may be written by an activity that is there already.
    if (is_node && !activities_.empty() && tape_.OneIn(2)) {
      const std::string& writer = activities_[tape_.Below(activities_.size())];
      for (PipelineObject& other : definition_.objects) {
        if (other.id == writer) {
          other.fields.push_back({"output", object.id, true});
        }
      }
    }
  }

  void Limit(PipelineObject& object) {
    if (tape_.OneIn(4)) {
      object.fields.push_back({"lateAfterTimeout", "20 minutes"});
      object.fields.push_back(
          {"onLateAction", tape_.OneIn(2) ? "Stop" : "Alarm", true});
    }
    if (tape_.OneIn(4)) object.fields.push_back({"onFail", "Alarm", true});
    if (tape_.OneIn(4)) object.fields.push_back({"onSuccess", "Alarm", true});
    if (tape_.OneIn(4)) {
      object.fields.push_back({"attemptTimeout", "25 minutes"});
    }
    if (tape_.OneIn(2)) {
      object.fields.push_back(
          {"maxActiveInstances", absl::StrCat(1 + tape_.Below(2))});
    }
  }

  Tape& tape_;
  const absl::Time start_;
  Definition definition_;
  bool on_demand_ = false;
  bool has_resource_ = false;
  std::vector<std::string> activities_;
  std::vector<std::string> nodes_;
};

void Extend(PipelineObject& schedule) {
  for (Field& field : schedule.fields) {
    int occurrences = 0;
    if (field.key == "occurrences" &&
        absl::SimpleAtoi(field.value, &occurrences)) {
      field.value = absl::StrCat(occurrences + 3);
    }
  }
}

// Takes back what has not been made yet.
void Shorten(PipelineObject& schedule) {
  for (Field& field : schedule.fields) {
    if (field.key == "occurrences") field.value = "1";
  }
}

}  // namespace

Definition RandomDefinition(Tape& tape, absl::Time start) {
  return Writer(tape, start).Write();
}

void Edit(Tape& tape, Definition& definition) {
  const size_t choice = tape.Below(5);
  for (PipelineObject& object : definition.objects) {
    bool is_schedule = false;
    for (Field& field : object.fields) {
      is_schedule |= field.key == "type" && field.value == "Schedule";
      if (field.key == "command" && choice == 2) field.value = "true";
    }
    if (is_schedule && choice < 2) Extend(object);
    if (is_schedule && choice == 3) Shorten(object);
  }
  if (choice != 4) return;
  for (const PipelineObject& object : definition.objects) {
    if (object.id != "C0") continue;
    PipelineObject added = object;
    added.id = added.name = absl::StrCat("Added", definition.objects.size());
    std::erase_if(added.fields,
                  [](const Field& field) { return field.key == "output"; });
    definition.objects.push_back(std::move(added));
    return;
  }
}

}  // namespace holdline
