#include "server/pipeline/definition/object_type_table.h"

#include <cstddef>
#include <initializer_list>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/pipeline/definition/field_rule_notation.h"

namespace holdline {
namespace {

using Family = ObjectFamily;

// How many commands a step field may list (DATAPIPELINE section 13.1).
constexpr size_t kStepsMax = 255;

using Rules = std::vector<FieldRule>;

void Append(const Rules& more, Rules& rules) {
  rules.insert(rules.end(), more.begin(), more.end());
}

Rules Joined(std::initializer_list<Rules> lists) {
  Rules joined;
  for (const Rules& list : lists) Append(list, joined);
  return joined;
}

// The groups of section 9.1, by the names that it gives them.

Rules IdGroup() { return {String("type"), Reference("parent")}; }

Rules RunGroup() {
  return {
      String("attemptStatus"),
      PeriodField("attemptTimeout"),
      OneOf("failureAndRerunMode", {"none", "cascade"}),
      PeriodField("lateAfterTimeout"),
      Integer("maximumRetries", 0),
      Repeated(Reference("onFail", {Family::kAction})),
      Repeated(Reference("onLateAction", {Family::kAction})),
      Repeated(Reference("onSuccess", {Family::kAction})),
      PeriodField("reportProgressTimeout"),
      PeriodField("retryDelay"),
  };
}

Rules ScheduledGroup() {
  return {
      Reference("schedule", {Family::kSchedule}),
      OneOf("scheduleType", {"cron", "timeseries", "ondemand"}),
      Integer("maxActiveInstances", 1),
      String("pipelineLogUri"),
  };
}

Rules RouteGroup() {
  return {Reference("runsOn", {Family::kResource}), String("workerGroup")};
}

Rules DependencyGroup() {
  return {
      Repeated(Reference("dependsOn", {Family::kActivity, Family::kDataNode,
                                       Family::kResource})),
      Repeated(Reference("precondition", {Family::kPrecondition})),
  };
}

Rules DataGroup() {
  return {
      Repeated(Reference("input", {Family::kDataNode})),
      Repeated(Reference("output", {Family::kDataNode})),
  };
}

// What several types have in common, beyond the groups.

FieldRule Script() { return Repeated(String("scriptArgument")); }

FieldRule Database() { return Reference("database", {Family::kDatabase}); }

FieldRule DataFormat() {
  return Reference("dataFormat", {Family::kDataFormat});
}

FieldRule Columns() { return Repeated(String("column")); }

FieldRule Steps(absl::string_view name) {
  return Repeated(String(name), kStepsMax);
}

Rules TaskConfigs() {
  return {ReferenceToType("preActivityTaskConfig", "ShellScriptConfig"),
          ReferenceToType("postActivityTaskConfig", "ShellScriptConfig")};
}

Rules Resizing() {
  return {Boolean("resizeClusterBeforeRunning"),
          Integer("resizeClusterMaxInstances", 1)};
}

// The types, family by family, as the table of section 9.2 has them.

std::vector<ObjectType> PlainActivities() {
  return {
      {.name = "ShellCommandActivity",
       .family = Family::kActivity,
       .fields = {String("command"), String("scriptUri"), Script(),
                  Boolean("stage"), String("stdout"), String("stderr")},
       .groups = {ExactlyOne({"command", "scriptUri"})}},
      {.name = "CopyActivity", .family = Family::kActivity},
      {.name = "SqlActivity",
       .family = Family::kActivity,
       .fields = {Required(Database()), String("script"), String("scriptUri"),
                  Script(), String("queue")},
       .groups = {ExactlyOne({"script", "scriptUri"})}},
      {.name = "RedshiftCopyActivity",
       .family = Family::kActivity,
       .fields = {Required(OneOf("insertMode",
                                 {"KEEP_EXISTING", "OVERWRITE_EXISTING",
                                  "TRUNCATE", "APPEND"})),
                  String("transformSql"), Repeated(String("commandOptions")),
                  String("queue")}},
  };
}

std::vector<ObjectType> ClusterActivities() {
  return {
      {.name = "EmrActivity",
       .family = Family::kActivity,
       .fields = Joined(
           {{Steps("step"), Steps("preStepCommand"), Steps("postStepCommand")},
            Resizing()})},
      {.name = "HadoopActivity",
       .family = Family::kActivity,
       .fields = Joined({{Required(String("jarUri")), String("mainClass"),
                          Repeated(String("argument")), String("hadoopQueue")},
                         TaskConfigs()})},
      // Its input and output are named as required in one group with runsOn and
      // workerGroup, and that group is met by the route.
      {.name = "HiveActivity",
       .family = Family::kActivity,
       .fields = Joined({{String("hiveScript"), String("scriptUri"),
                          Repeated(String("scriptVariable")), Boolean("stage"),
                          String("hadoopQueue")},
                         TaskConfigs(),
                         Resizing()}),
       .groups = {ExactlyOne({"hiveScript", "scriptUri"})}},
      {.name = "HiveCopyActivity",
       .family = Family::kActivity,
       .fields = Joined({{String("filterSql")}, TaskConfigs(), Resizing()})},
      {.name = "PigActivity",
       .family = Family::kActivity,
       .fields = Joined({{String("script"), String("scriptUri"),
                          Repeated(String("scriptVariable")), Boolean("stage")},
                         TaskConfigs(),
                         Resizing()}),
       .groups = {ExactlyOne({"script", "scriptUri"})}},
  };
}

Rules SqlNodeFields() {
  return {Required(String("table")), Database(),
          String("schemaName"),      String("createTableSql"),
          String("insertQuery"),     String("selectQuery")};
}

std::vector<ObjectType> DataNodes() {
  return {
      {.name = "S3DataNode",
       .family = Family::kDataNode,
       .fields = {String("filePath"), String("directoryPath"),
                  OneOf("compression", {"none", "gzip"}), DataFormat(),
                  String("manifestFilePath"),
                  OneOf("s3EncryptionType",
                        {"SERVER_SIDE_ENCRYPTION", "NONE"})},
       .groups = {ShouldHaveOne(
           {"filePath", "directoryPath", "manifestFilePath"})}},
      {.name = "SqlDataNode",
       .family = Family::kDataNode,
       .fields = SqlNodeFields()},
      {.name = "MySqlDataNode",
       .family = Family::kDataNode,
       .fields = SqlNodeFields()},
      {.name = "RedshiftDataNode",
       .family = Family::kDataNode,
       .fields = {Required(Database()), Required(String("tableName")),
                  String("schemaName"), String("createTableSql"),
                  Repeated(String("primaryKeys"))}},
      {.name = "DynamoDBDataNode",
       .family = Family::kDataNode,
       .fields = {Required(String("tableName")), DataFormat(), String("region"),
                  Double("readThroughputPercent", 0.1, 1.0),
                  Double("writeThroughputPercent", 0.1, 1.0)}},
  };
}

Rules MachineFields() {
  return {
      String("keyPair"),
      String("region"),
      String("availabilityZone"),
      String("subnetId"),
      Boolean("useOnDemandOnLastAttempt"),
      PeriodField("initTimeout"),
      PeriodField("terminateAfter"),
      OneOf("actionOnResourceFailure", {"retryall", "retrynone"}),
      OneOf("actionOnTaskFailure", {"continue", "terminate"}),
      ReferenceToType("httpProxy", "HttpProxy"),
  };
}

Rules InstanceGroupFields() {
  return {
      String("masterInstanceType"),
      String("coreInstanceType"),
      String("taskInstanceType"),
      Integer("coreInstanceCount", 0),
      Integer("taskInstanceCount", 0),
      BidPrice("masterInstanceBidPrice"),
      BidPrice("coreInstanceBidPrice"),
      BidPrice("taskInstanceBidPrice"),
      ReferenceToType("masterGroupConfiguration", "EmrConfiguration"),
      ReferenceToType("coreGroupConfiguration", "EmrConfiguration"),
      ReferenceToType("taskGroupConfiguration", "EmrConfiguration"),
      ReferenceToType("masterEbsConfiguration", "EbsConfiguration"),
      ReferenceToType("coreEbsConfiguration", "EbsConfiguration"),
      ReferenceToType("taskEbsConfiguration", "EbsConfiguration"),
  };
}

Rules ClusterFields() {
  return {
      String("amiVersion"),
      String("releaseLabel"),
      Repeated(String("applications")),
      Steps("bootstrapAction"),
      Repeated(ReferenceToType("configuration", "EmrConfiguration")),
      String("emrManagedMasterSecurityGroupId"),
      String("emrManagedSlaveSecurityGroupId"),
      Repeated(String("additionalMasterSecurityGroupIds")),
      Repeated(String("additionalSlaveSecurityGroupIds")),
      String("serviceAccessSecurityGroupId"),
      String("role"),
      String("resourceRole"),
      Boolean("enableDebugging"),
      OneOf("hadoopSchedulerType",
            {"PARALLEL_FAIR_SCHEDULING", "PARALLEL_CAPACITY_SCHEDULING",
             "DEFAULT_SCHEDULER"}),
      Repeated(String("supportedProducts")),
      String("emrLogUri"),
  };
}

std::vector<ObjectType> Resources() {
  return {
      {.name = "Ec2Resource",
       .family = Family::kResource,
       .fields =
           Joined({{Required(String("role")), Required(String("resourceRole")),
                    String("instanceType"), String("imageId"),
                    Repeated(String("securityGroups")),
                    Repeated(String("securityGroupIds")),
                    Boolean("associatePublicIpAddress"), String("runAsUser"),
                    BidPrice("spotBidPrice"), Integer("instanceCount", 1),
                    Integer("minInstanceCount", 1)},
                   MachineFields()}),
       .forbidden = {"runsOn", "workerGroup"}},
      {.name = "EmrCluster",
       .family = Family::kResource,
       .fields =
           Joined({ClusterFields(), InstanceGroupFields(), MachineFields()}),
       .forbidden = {"runsOn", "workerGroup"}},
  };
}

ObjectType SystemPrecondition(absl::string_view name,
                              absl::string_view subject) {
  return {.name = name,
          .family = Family::kPrecondition,
          .fields = {Required(String("role")), Required(String(subject))},
          .system_managed = true};
}

std::vector<ObjectType> Preconditions() {
  return {
      SystemPrecondition("DynamoDBDataExists", "tableName"),
      SystemPrecondition("DynamoDBTableExists", "tableName"),
      SystemPrecondition("S3KeyExists", "s3Key"),
      SystemPrecondition("S3PrefixNotEmpty", "s3Prefix"),
      {.name = "Exists", .family = Family::kPrecondition},
      {.name = "ShellCommandPrecondition",
       .family = Family::kPrecondition,
       .fields = {String("command"), String("scriptUri"), Script(),
                  String("stdout"), String("stderr")},
       .groups = {ExactlyOne({"command", "scriptUri"})}},
  };
}

std::vector<ObjectType> Databases() {
  const Rules login = {Required(String("username")),
                       Required(String("*password")), String("databaseName"),
                       Repeated(String("jdbcProperties"))};
  return {
      {.name = "JdbcDatabase",
       .family = Family::kDatabase,
       .fields = Joined(
           {{Required(String("connectionString")),
             Required(String("jdbcDriverClass")), String("jdbcDriverJarUri")},
            login})},
      {.name = "RdsDatabase",
       .family = Family::kDatabase,
       .fields = Joined({{Required(String("rdsInstanceId")),
                          String("jdbcDriverJarUri"), String("region")},
                         login})},
      {.name = "RedshiftDatabase",
       .family = Family::kDatabase,
       .fields = Joined(
           {{String("clusterId"), String("connectionString"), String("region")},
            login}),
       .groups = {ExactlyOne({"clusterId", "connectionString"})}},
  };
}

std::vector<ObjectType> DataFormats() {
  return {
      {.name = "CSV",
       .family = Family::kDataFormat,
       .fields = {Columns(), String("escapeChar")}},
      {.name = "TSV",
       .family = Family::kDataFormat,
       .fields = {Columns(), String("columnSeparator"),
                  String("recordSeparator"), String("escapeChar")}},
      {.name = "Custom",
       .family = Family::kDataFormat,
       .fields = {Columns(), Required(String("columnSeparator")),
                  String("recordSeparator")}},
      {.name = "RegEx",
       .family = Family::kDataFormat,
       .fields = {Columns(), String("inputRegEx"), String("outputFormat")}},
      {.name = "DynamoDBDataFormat",
       .family = Family::kDataFormat,
       .fields = {Columns()}},
      {.name = "DynamoDBExportDataFormat",
       .family = Family::kDataFormat,
       .fields = {Columns()}},
  };
}

std::vector<ObjectType> ActionsAndSchedule() {
  return {
      {.name = "SnsAlarm",
       .family = Family::kAction,
       .fields = {Required(String("topicArn")), Required(String("subject")),
                  Required(String("message")), Required(String("role"))}},
      {.name = "Terminate",
       .family = Family::kAction,
       .forbidden = {"onSuccess", "onFail", "onLateAction"}},
      {.name = "Schedule",
       .family = Family::kSchedule,
       .fields = {Required(PeriodField("period")), DateTime("startDateTime"),
                  OneOf("startAt", {"FIRST_ACTIVATION_DATE_TIME",
                                    "ONDEMAND_ACTIVATION_TIME"}),
                  DateTime("endDateTime"), Integer("occurrences", 1)},
       .groups = {ExactlyOne({"startDateTime", "startAt"}),
                  AtMostOne({"endDateTime", "occurrences"})}},
  };
}

std::vector<ObjectType> Utilities() {
  return {
      {.name = "ShellScriptConfig",
       .family = Family::kUtility,
       .fields = {String("scriptUri"), Script()}},
      {.name = "EmrConfiguration",
       .family = Family::kUtility,
       .fields = {Required(String("classification")),
                  Repeated(
                      ReferenceToType("configuration", "EmrConfiguration")),
                  Repeated(ReferenceToType("property", "Property"))}},
      {.name = "Property",
       .family = Family::kUtility,
       .fields = {Required(String("key")), Required(String("value"))}},
      {.name = "HttpProxy",
       .family = Family::kUtility,
       .fields = {Required(String("hostname")), Required(String("port")),
                  String("username"), String("*password"), Boolean("s3NoProxy"),
                  String("windowsDomain"), String("windowsWorkgroup")}},
      {.name = "EbsConfiguration",
       .family = Family::kUtility,
       .fields = {Boolean("ebsOptimized"),
                  Repeated(ReferenceToType("ebsBlockDeviceConfig",
                                           "EbsBlockDeviceConfig"))}},
      {.name = "EbsBlockDeviceConfig",
       .family = Family::kUtility,
       .fields = {Integer("volumesPerInstance", 1),
                  ReferenceToType("volumeSpecification",
                                  "VolumeSpecification")}},
      {.name = "VolumeSpecification",
       .family = Family::kUtility,
       .fields = {String("volumeType"), Integer("iops", 1),
                  Integer("sizeInGB", 1)}},
  };
}

}  // namespace

std::vector<ObjectType> ObjectTypeTable() {
  std::vector<ObjectType> table;
  for (const std::vector<ObjectType>& family :
       {PlainActivities(), ClusterActivities(), DataNodes(), Resources(),
        Preconditions(), Databases(), DataFormats(), ActionsAndSchedule(),
        Utilities()}) {
    table.insert(table.end(), family.begin(), family.end());
  }
  return table;
}

std::vector<FieldRule> CommonFieldTable(ObjectFamily family) {
  switch (family) {
    case Family::kActivity:
      return Joined({IdGroup(), RunGroup(), ScheduledGroup(), RouteGroup(),
                     DependencyGroup(), DataGroup()});
    case Family::kDataNode:
      return Joined({IdGroup(), RunGroup(), ScheduledGroup(), RouteGroup(),
                     DependencyGroup()});
    case Family::kResource:
      return Joined({IdGroup(), RunGroup(), ScheduledGroup()});
    case Family::kPrecondition:
      return Joined(
          {IdGroup(), RunGroup(), {PeriodField("preconditionTimeout")}});
    case Family::kNone:
    case Family::kAction:
    case Family::kSchedule:
    case Family::kDatabase:
    case Family::kDataFormat:
    case Family::kUtility:
      break;
  }
  return IdGroup();
}

}  // namespace holdline
