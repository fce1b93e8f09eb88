#include "server/pipeline/testing/sample_definitions.h"

#include <algorithm>
#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace holdline {
namespace {

constexpr char kStart[] = "2012-12-12T00:00:00";

SampleObject DefaultObject(std::vector<SampleField> more) {
  std::vector<SampleField> fields = {{"workerGroup", "wg"},
                                     {"pipelineLogUri", "s3://logs/"}};
  fields.insert(fields.end(), more.begin(), more.end());
  return {"Default", fields};
}

SampleObject Shell(absl::string_view id, std::vector<SampleField> more) {
  std::vector<SampleField> fields = {
      {"type", "ShellCommandActivity"},
      {"command", absl::StrCat("echo ", id, " #{@scheduledStartTime}")}};
  fields.insert(fields.end(), more.begin(), more.end());
  return {std::string(id), fields};
}

SampleObject ScheduleObject(absl::string_view id, absl::string_view period,
                            std::vector<SampleField> more) {
  std::vector<SampleField> fields = {
      {"type", "Schedule"}, {"period", period}, {"startDateTime", kStart}};
  fields.insert(fields.end(), more.begin(), more.end());
  return {std::string(id), fields};
}

void AddObject(const SampleObject& object, Definition& definition) {
  PipelineObject& added = definition.objects.emplace_back();
  added.id = object.id;
  added.name = object.id;
  for (const SampleField& field : object.fields) {
    added.fields.push_back(field.field);
  }
}

ParameterObject Parameter(absl::string_view id,
                          std::vector<SampleField> attributes) {
  ParameterObject parameter;
  parameter.id = std::string(id);
  for (const SampleField& attribute : attributes) {
    parameter.attributes.push_back(attribute.field);
  }
  return parameter;
}

}  // namespace

Definition Make(std::initializer_list<SampleObject> objects) {
  Definition definition;
  for (const SampleObject& object : objects) AddObject(object, definition);
  return definition;
}

PipelineObject& Object(Definition& definition, absl::string_view id) {
  for (PipelineObject& object : definition.objects) {
    if (object.id == id) return object;
  }
  std::abort();
}

void Set(Definition& definition, absl::string_view id,
         const SampleField& field) {
  for (Field& present : Object(definition, id).fields) {
    if (present.key != field.field.key) continue;
    present = field.field;
    return;
  }
  Add(definition, id, field);
}

void Add(Definition& definition, absl::string_view id,
         const SampleField& field) {
  Object(definition, id).fields.push_back(field.field);
}

void Remove(Definition& definition, absl::string_view id,
            absl::string_view key) {
  std::vector<Field>& fields = Object(definition, id).fields;
  fields.erase(
      std::remove_if(fields.begin(), fields.end(),
                     [key](const Field& field) { return field.key == key; }),
      fields.end());
}

Definition DefaultOnly() { return Make({DefaultObject({})}); }

Definition HelloPipeline() {
  return Make({
      {"Default", {{"workerGroup", "wg"}, {"scheduleType", "timeseries"}}},
      ScheduleObject("Schedule", "1 hour",
                     {{"endDateTime", "2012-12-21T18:00:00"}}),
      {"SayHello",
       {{"type", "ShellCommandActivity"},
        {"command", "echo hello #{@scheduledStartTime}"},
        {"schedule", Ref("Schedule")}}},
  });
}

Definition ShellPipeline() {
  return Make({
      DefaultObject({{"scheduleType", "cron"},
                     {"schedule", Ref("Hourly")},
                     {"failureAndRerunMode", "CASCADE"},
                     {"role", "worker-role"}}),
      ScheduleObject("Hourly", "1 Hour", {{"occurrences", "24"}}),
      {"Raw",
       {{"type", "S3DataNode"},
        {"directoryPath",
         "s3://raw/#{format(@scheduledStartTime,'YYYY-MM-dd-HH')}"},
        {"precondition", Ref("RawIsThere")}}},
      {"RawIsThere",
       {{"type", "S3KeyExists"},
        {"s3Key", "#{node.directoryPath}/_SUCCESS"},
        {"preconditionTimeout", "6 hours"},
        {"retryDelay", "5 minutes"}}},
      {"Compressed",
       {{"type", "S3DataNode"},
        {"filePath", "s3://packed/#{@scheduledStartTime}.gz"},
        {"compression", "GZIP"}}},
      {"Compress",
       {{"type", "ShellCommandActivity"},
        {"command", "gzip < ${INPUT1_STAGING_DIR}/all > out.gz"},
        {"scriptArgument", "--best"},
        {"scriptArgument", "#{input.directoryPath}"},
        {"stage", "TRUE"},
        {"input", Ref("Raw")},
        {"output", Ref("Compressed")},
        {"maximumRetries", "3"},
        {"retryDelay", "2 minutes"},
        {"attemptTimeout", "50 minutes"},
        {"lateAfterTimeout", "30 minutes"},
        {"onLateAction", Ref("Alarm")},
        {"onFail", Ref("Alarm")}}},
      {"Alarm",
       {{"type", "SnsAlarm"},
        {"topicArn", "arn:aws:sns:us-east-1:123456789012:alarms"},
        {"subject", "#{node.name} at #{node.@scheduledStartTime}"},
        {"message", "#{node.errorMessage}"}}},
  });
}

Definition NestedSchedules() {
  return Make({
      DefaultObject({{"scheduleType", "timeseries"}}),
      ScheduleObject("Hourly", "1 hour", {{"occurrences", "48"}}),
      ScheduleObject("Daily", "1 day", {{"occurrences", "2"}}),
      Shell("Collect",
            {{"schedule", Ref("Hourly")}, {"output", Ref("HourlyLog")}}),
      {"HourlyLog",
       {{"type", "S3DataNode"},
        {"filePath", "s3://logs/#{@scheduledStartTime}"},
        {"schedule", Ref("Hourly")}}},
      Shell("Summarize",
            {{"schedule", Ref("Daily")}, {"input", Ref("HourlyLog")}}),
  });
}

Definition ParameterPipeline() {
  Definition definition = Make({
      DefaultObject({{"scheduleType", "cron"}, {"schedule", Ref("Daily")}}),
      {"Daily",
       {{"type", "Schedule"},
        {"period", "#{myPeriod}"},
        {"startDateTime", "#{myStart}"},
        {"occurrences", "#{myOccurrences}"}}},
      {"Work",
       {{"type", "ShellCommandActivity"},
        {"command", "#{myCommand}"},
        {"scriptArgument", "#{myWord}"},
        {"scriptArgument", "s3://#{myBucket}/in"},
        {"stdout", "#{myOutput}"},
        {"maximumRetries", "#{myRetries}"}}},
  });
  definition.parameters = {
      Parameter("myPeriod", {{"type", "String"}, {"default", "1 day"}}),
      Parameter("myStart", {{"default", kStart}}),
      Parameter("myOccurrences", {{"type", "Integer"}, {"default", "3"}}),
      Parameter("myRetries", {{"type", "Integer"},
                              {"default", "1"},
                              {"allowedValues", "0"},
                              {"allowedValues", "1"},
                              {"allowedValues", "2"}}),
      Parameter("myCommand", {{"default", "run #{@scheduledStartTime}"},
                              {"description", "What to run"},
                              {"helpText", "A shell command"}}),
      Parameter("myWord", {{"isArray", "true"}, {"default", "none"}}),
      Parameter("myOutput",
                {{"type", "AWS::S3::ObjectKey"}, {"optional", "true"}}),
      Parameter("myBucket", {{"description", "Has to be given"}}),
  };
  definition.values = {{"myWord", "a"}, {"myWord", "b"}};
  return definition;
}

Definition SharedPreconditions() {
  return Make({
      DefaultObject({{"scheduleType", "cron"}, {"schedule", Ref("Hourly")}}),
      ScheduleObject("Hourly", "1 hour", {{"occurrences", "2"}}),
      Shell("Left", {{"precondition", Ref("Gate")}}),
      Shell("Right", {{"precondition", Ref("Gate")}}),
      {"Gate",
       {{"type", "ShellCommandPrecondition"},
        {"command", "test -e #{node.name}"},
        {"preconditionTimeout", "1 hour"}}},
  });
}

Definition OnDemandPipeline(int runs) {
  return Make({
      DefaultObject({{"scheduleType", "ONDEMAND"},
                     {"maxActiveInstances", absl::StrCat(runs)}}),
      Shell("First", {}),
      Shell("Second", {{"dependsOn", Ref("First")}}),
  });
}

Definition WideCascade(int width) {
  Definition definition = Make({
      DefaultObject({{"scheduleType", "cron"},
                     {"schedule", Ref("Once")},
                     {"failureAndRerunMode", "cascade"}}),
      ScheduleObject("Once", "1 day", {{"occurrences", "1"}}),
      Shell("Root", {}),
  });
  for (int i = 0; i < width; ++i) {
    AddObject(Shell(absl::StrCat("Leaf", i), {{"dependsOn", Ref("Root")}}),
              definition);
  }
  return definition;
}

Definition YearOfQuarterHours() {
  return Make({
      DefaultObject({{"scheduleType", "cron"}, {"schedule", Ref("Quarters")}}),
      ScheduleObject("Quarters", "15 minutes",
                     {{"endDateTime", "2013-12-12T00:00:00"}}),
      Shell("Tick", {}),
  });
}

Definition ResourcePipeline() {
  return Make({
      {"Default",
       {{"pipelineLogUri", "s3://logs/"},
        {"scheduleType", "cron"},
        {"schedule", Ref("Daily")},
        {"role", "worker-role"},
        {"resourceRole", "resource-role"}}},
      ScheduleObject("Daily", "1 day", {{"occurrences", "2"}}),
      {"Resource",
       {{"type", "Ec2Resource"},
        {"instanceType", "m1.small"},
        {"terminateAfter", "2 Hours"},
        {"actionOnTaskFailure", "terminate"}}},
      {"Cluster",
       {{"type", "EmrCluster"},
        {"releaseLabel", "emr-5.36.0"},
        {"coreInstanceCount", "2"},
        {"terminateAfter", "3 Hours"}}},
      Shell("OnResource",
            {{"runsOn", Ref("Resource")}, {"onFail", Ref("Stop")}}),
      {"OnCluster",
       {{"type", "EmrActivity"},
        {"step", "one.jar,in,out"},
        {"step", "two.jar,out"},
        {"runsOn", Ref("Cluster")},
        {"dependsOn", Ref("OnResource")}}},
      {"Stop", {{"type", "Terminate"}}},
  });
}

std::vector<Definition> SampleDefinitions() {
  return {DefaultOnly(),       HelloPipeline(),     ShellPipeline(),
          NestedSchedules(),   ParameterPipeline(), SharedPreconditions(),
          OnDemandPipeline(5), WideCascade(20),     YearOfQuarterHours(),
          ResourcePipeline()};
}

}  // namespace holdline
