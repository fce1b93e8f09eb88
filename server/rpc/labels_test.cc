// Labels of tasks, from the submission to the runner and back to the submitter.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/rpc/testing/test_server.h"

namespace holdline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;
using Queue = v1::TaskQueue::StubInterface;

std::string Label(const std::string& key, const std::string& value) {
  return absl::StrCat(" labels { key: '", key, "' value: '", value, "' }");
}

class LabelsTest : public testing::Test {
 protected:
  std::string Submit(const std::string& labels,
                     const std::string& group = "g") {
    return server_.Submit(
        absl::StrCat("worker_group: '", group, "' type: 'T'", labels));
  }

  // What a submission with such labels is refused with.
  std::string Refusal(const std::string& labels) {
    const auto request = Parse<v1::SubmitTasksRequest>(
        absl::StrCat("tasks { worker_group: 'g' type: 'T'", labels, " }"));
    const auto outcome =
        server_.Call(server_.queue(), &Queue::SubmitTasks, request);
    EXPECT_EQ(outcome.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    return outcome.status.error_message();
  }

  v1::ListTasksResponse List(const std::string& request) {
    const auto outcome = server_.Call(server_.queue(), &Queue::ListTasks,
                                      Parse<v1::ListTasksRequest>(request));
    EXPECT_TRUE(outcome.status.ok()) << outcome.status.error_message();
    return outcome.output;
  }

  std::vector<std::string> Names(const std::string& request) {
    std::vector<std::string> names;
    const v1::ListTasksResponse listed = List(request);
    for (const v1::Task& task : listed.tasks()) {
      names.push_back(task.name());
    }
    return names;
  }

  TestServer server_{{.hold_max = absl::Milliseconds(20)}};
};

TEST_F(LabelsTest, ATaskHasTheLabelsThatItWasSubmittedWith) {
  const std::string name =
      Submit(Label("team", "payments") + Label("stage/region", ""));
  EXPECT_THAT(
      server_.GetTask(name).output.labels(),
      UnorderedElementsAre(Pair("team", "payments"), Pair("stage/region", "")));
  EXPECT_THAT(server_.GetTask(Submit("")).output.labels(), IsEmpty());
}

TEST_F(LabelsTest, TheRunnerIsToldThemInTheOrderOfTheirKeys) {
  Submit(Label("team", "payments") + Label("env", "test"));
  const v1::TaskObject object = server_.Poll("g").output.task_object();
  std::vector<std::string> told;
  for (const v1::Field& field :
       object.objects().at(object.attempt_id()).fields()) {
    if (field.key().rfind("@label.", 0) == 0) {
      told.push_back(absl::StrCat(field.key(), "=", field.string_value()));
    }
  }
  EXPECT_THAT(told, ElementsAre("@label.env=test", "@label.team=payments"));
}

TEST_F(LabelsTest, AListHasTheTasksThatHaveAllOfTheLabels) {
  const std::string both = Submit(Label("a", "1") + Label("b", "2"));
  const std::string other = Submit(Label("a", "1") + Label("b", "3"));
  Submit(Label("a", "2"));
  Submit("");
  EXPECT_THAT(Names(Label("a", "1")), ElementsAre(other, both));
  EXPECT_THAT(Names(Label("a", "1") + Label("b", "2")), ElementsAre(both));
  EXPECT_THAT(Names(Label("a", "1") + "worker_group: 'elsewhere'"), IsEmpty());
  EXPECT_THAT(Names(Label("b", "")), IsEmpty());
}

TEST_F(LabelsTest, PagesGoOnWhateverTheOrderInWhichLabelsAreAsked) {
  const std::string first = Submit(Label("a", "1") + Label("b", "2"));
  const std::string second = Submit(Label("a", "1") + Label("b", "2"));
  const v1::ListTasksResponse page =
      List("page_size: 1" + Label("a", "1") + Label("b", "2"));
  ASSERT_EQ(page.tasks_size(), 1);
  EXPECT_EQ(page.tasks(0).name(), second);
  EXPECT_THAT(Names(absl::StrCat(Label("b", "2"), Label("a", "1"),
                                 "page_token: '", page.next_page_token(), "'")),
              ElementsAre(first));
}

TEST_F(LabelsTest, ARepeatedRequestMayHaveItsLabelsInAnotherOrder) {
  const auto submit = [this](const std::string& labels) {
    return server_.Call(
        server_.queue(), &Queue::SubmitTasks,
        Parse<v1::SubmitTasksRequest>(
            absl::StrCat("request_id: 'r' tasks { worker_group: 'g' type: 'T'",
                         labels, " }")));
  };
  const auto first = submit(Label("a", "1") + Label("b", "2"));
  const auto again = submit(Label("b", "2") + Label("a", "1"));
  ASSERT_TRUE(again.status.ok()) << again.status.error_message();
  EXPECT_EQ(again.output.names(0), first.output.names(0));
  EXPECT_EQ(submit(Label("a", "1")).status.error_code(),
            grpc::StatusCode::FAILED_PRECONDITION);
}

TEST_F(LabelsTest, KeysAndValuesHaveLimits) {
  const std::string long_key(63, 'k');
  EXPECT_NE(Submit(Label(long_key, std::string(256, 'v'))), "");
  const std::string key_error =
      "1 validation error detected: Value at 'tasks[0].labels' failed to "
      "satisfy constraint: Keys must have 1 to 63 letters, digits and . _ - /, "
      "and begin and end with a letter or digit";
  for (const std::string& key :
       {std::string(), long_key + "k", std::string("a=b"), std::string("a b"),
        std::string("-a"), std::string("a/"), std::string("\\303\\244")}) {
    EXPECT_EQ(Refusal(Label(key, "v")), key_error) << key;
  }
  EXPECT_EQ(Refusal(Label("a", std::string(257, 'v'))),
            "1 validation error detected: Value at 'tasks[0].labels.a' failed "
            "to satisfy constraint: Member must have length less than or equal "
            "to 256");
  std::string many;
  for (int i = 0; i < 17; ++i) many += Label(absl::StrCat("k", i), "v");
  EXPECT_EQ(Refusal(many),
            "1 validation error detected: Value at 'tasks[0].labels' failed to "
            "satisfy constraint: Member must have length less than or equal to "
            "16");
}

}  // namespace
}  // namespace holdline
