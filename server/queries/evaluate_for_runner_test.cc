// Which values an expression gives a runner that asks EvaluateExpression.

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gtest/gtest.h"
#include "server/pipeline/testing/sample_definitions.h"
#include "server/queries/pipeline_queries.h"
#include "server/queries/stored_pipeline_harness.h"

namespace holdline {
namespace {

// The rest of the account is not what a runner was started for.
TEST(EvaluateForRunner, GivesWhatTheTasksOfTheRunnerAreTold) {
  StoredPipeline stored;
  Definition definition = HelloPipeline();
  Set(definition, "SayHello", {"*password", "hunter2"});
  Set(definition, "SayHello", {"myLine", "-p #{*password}"});
  Set(definition, "Default", {"onFail", Ref("Alarm")});
  definition.objects.push_back({"Alarm",
                                "Alarm",
                                {{"type", "SnsAlarm"},
                                 {"*token", "hunter3"},
                                 {"message", "to #{*token}"}}});
  definition.objects.push_back(
      {"Own", "Own", {{"type", "JdbcDatabase"}, {"*password", "hunter5"}}});
  definition.objects.push_back(
      {"Theirs", "Theirs", {{"type", "JdbcDatabase"}, {"*password", "6"}}});
  definition.objects.push_back({"Payroll",
                                "Payroll",
                                {{"type", "SqlActivity"},
                                 {"workerGroup", "payroll"},
                                 {"database", "Theirs", true}}});
  Set(definition, "SayHello", {"myDatabase", Ref("Own")});
  Set(definition, "SayHello", {"dependsOn", Ref("Payroll")});
  definition.values = {{"*myOther", "hunter4"}, {"myWord", "word"}};
  stored.Save(definition);
  const auto evaluate = [&](const std::string& id, const std::string& text,
                            std::vector<std::string> groups) -> std::string {
    v1::EvaluateExpressionInput input;
    input.set_pipeline_id("df-1");
    input.set_object_id(id);
    input.set_expression(text);
    const auto output = stored.Ask(
        input, StoredPipeline::Caller({Role::kRunner}, std::move(groups)));
    return output.ok() ? output->evaluated_expression()
                       : absl::StatusCodeToString(output.status().code());
  };
  Instance instance = stored.NewInstance("2012-12-12T05:00:00", 1);
  stored.Put(instance);
  for (const char* id : {"@SayHello_2012-12-12T05:00:00", "SayHello"}) {
    const std::string line = "#{myLine} #{myWord}";
    EXPECT_EQ(evaluate(id, line, {"w*"}), "-p hunter2 word");
    EXPECT_EQ(evaluate(id, "#{onFail.name}", {"wg"}), "Alarm");
    EXPECT_EQ(evaluate(id, "#{myDatabase.*password}", {"wg"}), "hunter5");
    for (const char* hidden :
         {"#{*myOther}", "#{onFail.*token}", "#{onFail.message}",
          "#{dependsOn.database.*password}"}) {
      EXPECT_EQ(evaluate(id, hidden, {"wg"}), "INVALID_ARGUMENT") << hidden;
    }
    EXPECT_EQ(evaluate(id, line, {"other"}),
              id[0] == '@' ? "NOT_FOUND" : "INVALID_ARGUMENT");
  }
  EXPECT_EQ(evaluate("Alarm", "#{*token}", {"*"}), "INVALID_ARGUMENT");
  EXPECT_EQ(evaluate("Default", "#{*myOther}", {"*"}), "INVALID_ARGUMENT");
}

}  // namespace
}  // namespace holdline
