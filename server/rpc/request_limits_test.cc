// How large requests may be, over real connections.

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/rpc/testing/raw_call.h"
#include "server/rpc/testing/test_server.h"

namespace holdline {
namespace {

using ::testing::HasSubstr;
using Tasks = v1::TaskQueue::StubInterface;

constexpr char kSubmit[] = "/holdline.v1.TaskQueue/SubmitTasks";
constexpr char kPoll[] = "/holdline.v1.DataPipeline/PollForTask";

std::string Repeat(absl::string_view unit, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) absl::StrAppend(&all, unit);
  return all;
}

void ExpectInvalid(const grpc::Status& status, const std::string& message) {
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(status.error_message(), message);
}

bool IsTransient(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED ||
         status.error_code() == grpc::StatusCode::UNAVAILABLE;
}

TEST(RequestLimits, EmptyElementsAreCountedBeforeTheyAreTasks) {
  TestServer server;
  const std::string task({'\x0A', '\0'});
  ExpectInvalid(
      RawCall(server.channel(), kSubmit, Repeat(task, 250001)).status,
      "A request of SubmitTasks must have at most 250000 values: each field "
      "that is present is one, and each element of a list.");
  ExpectInvalid(RawCall(server.channel(), kSubmit, Repeat(task, 1001)).status,
                "1 validation error detected: Value at 'tasks' failed to "
                "satisfy constraint: Member must have length less than or "
                "equal to 1000");
}

TEST(RequestLimits, ARequestHasNoMoreBytesThanItsMethodAllows) {
  TestServer server;
  ExpectInvalid(
      RawCall(server.channel(), kPoll, std::string(131073, '\0')).status,
      "A request of PollForTask must have at most 131072 bytes.");
  v1::PollForTaskInput poll;
  poll.set_worker_group("");
  ExpectInvalid(
      RawCall(
          server.channel(), kPoll,
          poll.SerializeAsString() + Repeat(std::string("\x9A\x06\x80\x40", 4) +
                                                std::string(8192, 'x'),
                                            15))
          .status,
      "1 validation error detected: Value at 'workerGroup' failed to satisfy "
      "constraint: Member must have length greater than or equal to 1");
}

TEST(RequestLimits, WhatALargeRequestTookUpIsGivenBack) {
  TestServer server({.memory_max = 16 << 20});
  v1::SubmitTasksRequest request;
  for (int i = 0; i < 300; ++i) {
    *request.add_tasks() = Parse<v1::NewTask>(
        absl::StrCat("worker_group: 'g' type: 't' fields { key: 'k' "
                     "string_value: '",
                     std::string(10000, 'x'), "' }"));
  }
  for (int i = 0; i < 3; ++i) {
    // The last one may be given back just after its answer, and gRPC closes
    // connections without a call while memory is short: clients try again.
    const absl::Time deadline = absl::Now() + kPatience;
    grpc::Status status(grpc::StatusCode::RESOURCE_EXHAUSTED, "");
    while (IsTransient(status) && absl::Now() < deadline) {
      status = server.Call(server.queue(), &Tasks::SubmitTasks, request).status;
    }
    EXPECT_TRUE(status.ok()) << status.error_message();
  }
}

TEST(RequestLimits, CompressedRequestsAreNotUnpacked) {
  TestServer server;
  grpc::ClientContext context;
  context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
  v1::EvaluateExpressionInput input;
  input.set_pipeline_id("df-1");
  input.set_object_id("Default");
  input.set_expression(std::string(20 << 20, 'x'));
  v1::EvaluateExpressionOutput output;
  const grpc::Status status =
      server.pipeline().EvaluateExpression(&context, input, &output);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_THAT(status.error_message(), HasSubstr("ompression"));
}

}  // namespace
}  // namespace holdline
