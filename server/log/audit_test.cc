#include "server/log/audit.h"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

CallFacts Call(const std::string& method, grpc::StatusCode code,
               const std::string& resource, const std::string& error = "") {
  Principal ann;
  ann.account = AccountId{"111122223333"};
  ann.user = "ann";
  ann.access_key = "KEY";
  CallFacts call;
  call.method = method;
  call.request_id = "r-1";
  call.changes = true;
  call.caller = std::make_shared<const Principal>(ann);
  call.peer = "ipv4:10.0.0.1:5";
  call.resource = resource;
  call.code = code;
  call.error = error;
  return call;
}

std::vector<std::string> Read(std::FILE* file) {
  std::rewind(file);
  std::string text(1 << 20, '\0');
  text.resize(std::fread(text.data(), 1, text.size(), file));
  std::fclose(file);
  return absl::StrSplit(text, '\n', absl::SkipEmpty());
}

// Returns what is written about the calls.
std::vector<std::string> LinesAbout(const std::vector<CallFacts>& calls) {
  std::FILE* const file = std::tmpfile();
  {
    Log log({}, file, [] { return absl::UnixEpoch(); });
    const RpcObserver observer = LogAudit(&log);
    for (const CallFacts& call : calls) observer.on_call(call);
  }
  return Read(file);
}

TEST(AuditTest, SaysWhoDidWhatToWhichTask) {
  EXPECT_THAT(LinesAbout({Call("TaskQueue/CancelTask", grpc::StatusCode::OK,
                               "task-7")}),
              ElementsAre(EndsWith(
                  "info    audit request_id=r-1 action=TaskQueue/CancelTask "
                  "account=111122223333 user=ann access_key=KEY "
                  "peer=ipv4:10.0.0.1:5 resource=task-7 outcome=done")));
}

TEST(AuditTest, SaysWhySomethingWasNotDone) {
  EXPECT_THAT(LinesAbout({Call("TaskQueue/RetryTask",
                               grpc::StatusCode::FAILED_PRECONDITION, "task-7",
                               "the task has finished")}),
              ElementsAre(EndsWith("resource=task-7 outcome=refused "
                                   "code=FAILED_PRECONDITION "
                                   "reason=\"the task has finished\"")));
}

TEST(AuditTest, LeavesOutReadingAndPollsWithoutATask) {
  CallFacts reading = Call("TaskQueue/GetTask", grpc::StatusCode::OK, "task-7");
  reading.changes = false;
  CallFacts missing = reading;
  missing.code = grpc::StatusCode::NOT_FOUND;
  EXPECT_THAT(
      LinesAbout(
          {reading, missing,
           Call("DataPipeline/PollForTask", grpc::StatusCode::OK, ""),
           Call("DataPipeline/PollForTask", grpc::StatusCode::CANCELLED, "")}),
      IsEmpty());
}

TEST(AuditTest, ATaskThatDidNotArriveIsToldAsSuch) {
  EXPECT_THAT(LinesAbout({Call("DataPipeline/PollForTask",
                               grpc::StatusCode::CANCELLED, "task-7")}),
              ElementsAre(HasSubstr("outcome=undelivered")));
}

TEST(AuditTest, TellsOfThoseWhoMayNotReadAndThoseWhoAreNotKnown) {
  CallFacts denied =
      Call("TaskQueue/GetTask", grpc::StatusCode::PERMISSION_DENIED, "",
           "User: x is not authorized");
  denied.changes = false;
  CallFacts unknown =
      Call("TaskQueue/GetTask", grpc::StatusCode::UNAUTHENTICATED, "", "who?");
  unknown.changes = false;
  unknown.caller = nullptr;
  EXPECT_THAT(
      LinesAbout({denied, unknown}),
      ElementsAre(
          AllOf(HasSubstr("user=ann"), HasSubstr("outcome=refused"),
                HasSubstr("reason=\"User: x")),
          AllOf(Not(HasSubstr("user=")), HasSubstr("peer=ipv4:10.0.0.1:5"),
                HasSubstr("code=UNAUTHENTICATED"))));
}

// How many refusals the lines tell of.
size_t RefusalsTold(const std::vector<std::string>& lines) {
  const std::string field = " suppressed=";
  size_t told = 0;
  for (const std::string& line : lines) {
    const size_t at = line.find(field);
    told += 1 + (at == std::string::npos
                     ? 0
                     : std::stoul(line.substr(at + field.size())));
  }
  return told;
}

TEST(AuditTest, EachRefusalOfACallerIsToldOrCounted) {
  const std::vector<CallFacts> calls(
      500,
      Call("TaskQueue/GetTask", grpc::StatusCode::PERMISSION_DENIED, "", "no"));
  const std::vector<std::string> lines = LinesAbout(calls);
  EXPECT_EQ(RefusalsTold(lines), 500);
  EXPECT_THAT(lines.back(), AllOf(HasSubstr("user=ann"), HasSubstr("GetTask"),
                                  HasSubstr("suppressed=479")));
}

TEST(AuditTest, StrangersOfOneAddressDoNotHideThoseOfAnother) {
  CallFacts flood =
      Call("TaskQueue/GetTask", grpc::StatusCode::UNAUTHENTICATED, "");
  flood.caller = nullptr;
  std::vector<CallFacts> calls(500, flood);
  for (size_t i = 0; i < calls.size(); ++i) {
    calls[i].peer = absl::StrCat("ipv4:10.0.0.1:", 1000 + i);
  }
  calls.push_back(flood);
  calls.back().peer = "ipv4:10.0.0.2:5";
  EXPECT_THAT(LinesAbout(calls), Contains(HasSubstr("10.0.0.2")));
}

TEST(AuditTest, AddressesThatEndInDigitsAreToldApart) {
  CallFacts flood =
      Call("TaskQueue/GetTask", grpc::StatusCode::UNAUTHENTICATED, "");
  flood.caller = nullptr;
  flood.peer = "fd00::1";
  std::vector<CallFacts> calls(500, flood);
  calls.push_back(flood);
  calls.back().peer = "fd00::2";
  EXPECT_THAT(LinesAbout(calls), Contains(HasSubstr("fd00::2")));
}

TEST(AuditTest, AFloodOfStrangersDoesNotFillTheLog) {
  CallFacts unknown =
      Call("TaskQueue/GetTask", grpc::StatusCode::UNAUTHENTICATED, "");
  unknown.caller = nullptr;
  std::vector<CallFacts> calls(1000, unknown);
  calls.push_back(
      Call("TaskQueue/GetTask", grpc::StatusCode::PERMISSION_DENIED, ""));
  const std::vector<std::string> lines = LinesAbout(calls);
  EXPECT_THAT(lines, SizeIs(LogOptions().similar_per_second_max + 2));
  EXPECT_EQ(RefusalsTold(lines), calls.size());
}

TEST(AuditTest, TellsWhomTheGatewayRefused) {
  std::FILE* const file = std::tmpfile();
  {
    Log log({}, file, [] { return absl::UnixEpoch(); });
    LogGatewayAudit(&log).on_refused({.request_id = "r-1",
                                      .action = "DataPipeline/PollForTask",
                                      .access_key = "KEY",
                                      .peer = "10.0.0.1",
                                      .name = "InvalidSignatureException",
                                      .message = "another signature"});
  }
  EXPECT_THAT(Read(file),
              ElementsAre(EndsWith(
                  "audit request_id=r-1 action=DataPipeline/PollForTask "
                  "access_key=KEY peer=10.0.0.1 outcome=refused "
                  "code=InvalidSignatureException "
                  "reason=\"another signature\"")));
}

TEST(AuditTest, WhatWasDoneIsNeverLeftOut) {
  EXPECT_THAT(
      LinesAbout(std::vector<CallFacts>(
          1000, Call("TaskQueue/CancelTask", grpc::StatusCode::OK, "task-7"))),
      SizeIs(1000));
}

}  // namespace
}  // namespace holdline
