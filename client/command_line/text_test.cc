// Ages, tables, suggestions and explanations: what people read.

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "client/call_error.h"
#include "client/command_line/age.h"
#include "client/command_line/explain.h"
#include "client/command_line/verb/nearest.h"
#include "client/command_line/verb/table.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "holdline/v1/contract.pb.h"

namespace holdline::client {
namespace {

using ::testing::HasSubstr;

TEST(AgeTest, ALengthIsToldInTheUnitThatFits) {
  EXPECT_EQ(LengthText(absl::ZeroDuration()), "0 s");
  EXPECT_EQ(LengthText(absl::Milliseconds(3290)), "3.2 s");
  EXPECT_EQ(LengthText(absl::Seconds(119)), "119 s");
  EXPECT_EQ(LengthText(absl::Seconds(120)), "2 min");
  EXPECT_EQ(LengthText(absl::Minutes(119)), "119 min");
  EXPECT_EQ(LengthText(absl::Hours(47)), "47 h");
  EXPECT_EQ(LengthText(absl::Hours(48)), "2 days");
}

TEST(AgeTest, AnAgeSaysWhetherItIsPastOrToCome) {
  const absl::Time now = absl::UnixEpoch();
  EXPECT_EQ(AgeText(now, now), "now");
  EXPECT_EQ(AgeText(now - absl::Minutes(5), now), "5 min ago");
  EXPECT_EQ(AgeText(now + absl::Hours(5), now), "in 5 h");
}

TEST(TableTest, ColumnsAreAligned) {
  Table table({"NAME", "STATE", "NOTE"});
  table.Add({"task-1", "READY", "a"});
  table.Add({"t", "", "\xc3\xa4"});
  EXPECT_EQ(table.Text(),
            "NAME    STATE  NOTE\n"
            "task-1  READY  a\n"
            "t       -      \xc3\xa4\n");
}

TEST(TableTest, HeadingsMayBeMissingAndLinesIndented) {
  Table table({"", ""});
  table.Add({"key", "value"});
  EXPECT_EQ(table.Text("  "), "  key  value\n");
}

TEST(TableTest, NoCellSteersTheTerminal) {
  Table table({"A"});
  table.Add({"x\x1b[31m\ny"});
  EXPECT_EQ(table.Text(), "A\nx [31m y\n");
}

TEST(NearestTest, ASlipIsForgiven) {
  const std::vector<std::string> names = {"submit", "wait", "get", "list"};
  EXPECT_EQ(Nearest("sbmit", names), "submit");
  EXPECT_EQ(Nearest("submitt", names), "submit");
  EXPECT_EQ(Nearest("wiat", names), "wait");
  EXPECT_EQ(Nearest("gat", names), "get");
}

TEST(NearestTest, SomethingElseIsNotGuessed) {
  EXPECT_EQ(Nearest("frobnicate", {"submit", "get"}), std::nullopt);
  EXPECT_EQ(Nearest("xyz", {"get"}), std::nullopt);
}

absl::Status Refusal(const std::string& name) {
  v1::ErrorReason reason;
  reason.set_reason(name);
  (*reason.mutable_metadata())["requestId"] = "r-1";
  v1::ErrorStatus details;
  details.add_details()->set_value(reason.SerializeAsString());
  return FromGrpcStatus(grpc::Status(grpc::StatusCode::NOT_FOUND, "no task-7",
                                     details.SerializeAsString()));
}

TEST(ExplainTest, ARefusalHasItsNameItsRequestAndAdvice) {
  const absl::Status refusal = Refusal("TaskNotFoundException");
  EXPECT_EQ(Explain(refusal, "h:1"),
            "TaskNotFoundException: no task-7 (request r-1)\n"
            "`holdline list` lists tasks.");
  EXPECT_EQ(ExitCodeOf(refusal), ExitCode::kRefused);
}

TEST(ExplainTest, WhereNothingAnswersItSaysHowToStartAServer) {
  const absl::Status error = absl::UnavailableError("refused");
  EXPECT_THAT(Explain(error, "h:1"), HasSubstr("h:1"));
  EXPECT_THAT(Explain(error, "h:1"), HasSubstr("holdline-server --data-dir"));
  EXPECT_EQ(ExitCodeOf(error), ExitCode::kUnreachable);
}

TEST(ExplainTest, AWrongArgumentIsNotTheServersRefusal) {
  const absl::Status error = absl::InvalidArgumentError("--x is wrong");
  EXPECT_EQ(Explain(error, "h:1"), "--x is wrong");
  EXPECT_EQ(ExitCodeOf(error), ExitCode::kUsage);
}

}  // namespace
}  // namespace holdline::client
