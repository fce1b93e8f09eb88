#include "client/runner/attempt_directory.h"

#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline::client {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

v1::TaskObject TaskOf(const std::string& pipeline, const std::string& component,
                      const std::string& instance, const std::string& attempt) {
  v1::TaskObject task;
  task.set_pipeline_id(pipeline);
  task.set_attempt_id(attempt);
  v1::PipelineObject& object = (*task.mutable_objects())[attempt];
  v1::Field* field = object.add_fields();
  field->set_key("@componentParent");
  field->set_ref_value(component);
  field = object.add_fields();
  field->set_key("@instanceParent");
  field->set_ref_value(instance);
  return task;
}

std::string DirectoryOf(const std::string& pipeline) {
  return AttemptDirectory("/logs", TaskOf(pipeline, "c", "i", "a"));
}

TEST(AttemptDirectoryTest, ItNamesPipelineComponentInstanceAndAttempt) {
  EXPECT_EQ(
      AttemptDirectory(
          "/logs", TaskOf("df-1", "SayHello", "@SayHello_2012-12-12T00:00:00",
                          "@SayHello_2012-12-12T00:00:00_Attempt=1")),
      "/logs/df-1/SayHello/@SayHello_2012-12-12T00:00:00/"
      "@SayHello_2012-12-12T00:00:00_Attempt=1");
}

TEST(AttemptDirectoryTest, NoNameLeadsElsewhere) {
  EXPECT_EQ(DirectoryOf(".."), "/logs/%2E./c/i/a");
  EXPECT_EQ(DirectoryOf("."), "/logs/%2E/c/i/a");
  EXPECT_EQ(DirectoryOf("../../etc"), "/logs/%2E.%2F..%2Fetc/c/i/a");
  EXPECT_EQ(DirectoryOf(""), "/logs/%/c/i/a");
  EXPECT_EQ(DirectoryOf(std::string("a\0b\n", 4)), "/logs/a%00b%0A/c/i/a");
}

TEST(AttemptDirectoryTest, DifferentNamesStayDifferent) {
  EXPECT_NE(DirectoryOf("a/b"), DirectoryOf("a%2Fb"));
  EXPECT_NE(DirectoryOf("a b"), DirectoryOf("a_b"));
  EXPECT_NE(DirectoryOf(std::string(1000, 'x') + "1"),
            DirectoryOf(std::string(1000, 'x') + "2"));
}

TEST(AttemptDirectoryTest, ALongNameIsOneThatAFileMayHave) {
  const std::string directory = DirectoryOf(std::string(1024, '/'));
  EXPECT_THAT(directory, StartsWith("/logs/%2F%2F"));
  EXPECT_LE(directory.size(), std::string("/logs//c/i/a").size() + 200);
}

TEST(OutputPathTest, APathIsTakenAsItIsOrWithinTheDirectory) {
  EXPECT_EQ(*OutputPath("/d", "stdout", "", "stdout"), "/d/stdout");
  EXPECT_EQ(*OutputPath("/d", "stdout", "/var/log/x", "stdout"), "/var/log/x");
  EXPECT_EQ(*OutputPath("/d", "stdout", "x/y..z", "stdout"), "/d/x/y..z");
}

TEST(OutputPathTest, APathOutOfTheDirectoryIsInvalid) {
  for (const char* path : {"../x", "x/../../y"}) {
    const auto refused = OutputPath("/d", "stderr", path, "stderr");
    EXPECT_TRUE(absl::IsInvalidArgument(refused.status())) << path;
    EXPECT_THAT(std::string(refused.status().message()), HasSubstr("`stderr`"));
    EXPECT_THAT(std::string(refused.status().message()), HasSubstr(path));
  }
}

}  // namespace
}  // namespace holdline::client
