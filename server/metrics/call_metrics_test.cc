#include "server/metrics/call_metrics.h"

#include <string>

#include "gtest/gtest.h"
#include "server/metrics/metrics.h"
#include "server/metrics/sample.h"

namespace holdline {
namespace {

class CallMetricsTest : public ::testing::Test {
 protected:
  double Calls(const std::string& method, const std::string& code) {
    return Sample(*metrics_.counted(), "holdline_calls_total",
                  {{"method", method}, {"code", code}});
  }

  void Answer(const std::string& method, grpc::StatusCode code) {
    CallFacts call;
    call.method = method;
    call.code = code;
    metrics_.rpc_observer().on_call(call);
  }

  Metrics metrics_;
};

TEST_F(CallMetricsTest, EveryMethodOfTheProtocolStartsAtZero) {
  EXPECT_EQ(Calls("DataPipeline/PollForTask", "OK"), 0);
  EXPECT_EQ(Calls("TaskQueue/SubmitTasks", "UNAVAILABLE"), 0);
  EXPECT_EQ(Calls("Operator/ListGroups", "INVALID_ARGUMENT"), 0);
}

TEST_F(CallMetricsTest, CallsAreCountedByMethodAndCode) {
  Answer("TaskQueue/GetTask", grpc::StatusCode::NOT_FOUND);
  Answer("TaskQueue/GetTask", grpc::StatusCode::OK);
  Answer("TaskQueue/GetTask", grpc::StatusCode::OK);
  EXPECT_EQ(Calls("TaskQueue/GetTask", "NOT_FOUND"), 1);
  EXPECT_EQ(Calls("TaskQueue/GetTask", "OK"), 2);
}

TEST_F(CallMetricsTest, NoCallMakesANewSeries) {
  Answer("Forged/Method", grpc::StatusCode::OK);
  Answer("TaskQueue/GetTask", grpc::StatusCode::DATA_LOSS);
  Answer("TaskQueue/GetTask", static_cast<grpc::StatusCode>(31));
  Answer("TaskQueue/GetTask", static_cast<grpc::StatusCode>(-1));
  EXPECT_EQ(Calls("Forged/Method", "OK"), -1);
  EXPECT_EQ(Calls("other", "OK"), 1);
  EXPECT_EQ(Calls("TaskQueue/GetTask", "UNKNOWN"), 3);
}

TEST_F(CallMetricsTest, PollsAreCountedByHowTheyEnded) {
  const auto results = [&](const std::string& result) {
    return Sample(*metrics_.counted(), "holdline_poll_results_total",
                  {{"result", result}});
  };
  const RpcObserver observer = metrics_.rpc_observer();
  for (const PollOutcome outcome :
       {PollOutcome::kTask, PollOutcome::kEmpty, PollOutcome::kUndelivered}) {
    PollFacts poll;
    poll.outcome = outcome;
    poll.hold = absl::Seconds(1);
    observer.on_poll(poll);
  }
  EXPECT_EQ(results("task"), 1);
  EXPECT_EQ(results("empty"), 1);
  EXPECT_EQ(results("undelivered"), 1);
  EXPECT_EQ(results("drained"), 0);
  EXPECT_EQ(results("terminate"), 0);
  EXPECT_EQ(Sample(*metrics_.counted(), "holdline_poll_hold_seconds"), 3);
  EXPECT_EQ(Sample(*metrics_.counted(), "holdline_dispatch_latency_seconds"),
            1);
}

}  // namespace
}  // namespace holdline
