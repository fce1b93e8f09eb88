#include "server/metrics/call_metrics.h"

#include <algorithm>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "holdline/v1/data_pipeline.pb.h"
#include "holdline/v1/operator.pb.h"
#include "holdline/v1/task_queue.pb.h"
#include "server/metrics/families.h"

namespace holdline {
namespace {

using Buckets = prometheus::Histogram::BucketBoundaries;

constexpr char kOtherMethod[] = "other";

// The codes that the protocol answers, and those that gRPC adds when a call
// breaks off.
constexpr absl::StatusCode kUsedCodes[] = {
    absl::StatusCode::kOk,
    absl::StatusCode::kCancelled,
    absl::StatusCode::kUnknown,
    absl::StatusCode::kInvalidArgument,
    absl::StatusCode::kDeadlineExceeded,
    absl::StatusCode::kNotFound,
    absl::StatusCode::kResourceExhausted,
    absl::StatusCode::kFailedPrecondition,
    absl::StatusCode::kUnimplemented,
    absl::StatusCode::kInternal,
    absl::StatusCode::kUnavailable,
};

// A poll is held for at most 90 seconds by default.
const Buckets kHoldSeconds = {0.001, 0.01, 0.1, 1,  5,  10,
                              20,    30,   45,  60, 75, 90};

const Buckets kDispatchSeconds = {0.0001, 0.00025, 0.0005, 0.001, 0.0025,
                                  0.005,  0.01,    0.025,  0.05,  0.1,
                                  0.25,   0.5,     1,      2.5,   5};

}  // namespace

CallMetrics::ByCode CallMetrics::AddMethod(
    prometheus::Family<prometheus::Counter>* family,
    const std::string& method) {
  const auto add = [&](absl::StatusCode code) {
    return &family->Add(
        {{"method", method}, {"code", absl::StatusCodeToString(code)}});
  };
  ByCode counters;
  counters.fill(add(absl::StatusCode::kUnknown));
  for (const absl::StatusCode code : kUsedCodes) {
    counters[static_cast<int>(code)] = add(code);
  }
  return counters;
}

CallMetrics::CallMetrics(prometheus::Registry* registry)
    : poll_results_(AddCounters(registry, "holdline_poll_results_total",
                                "Polls that have ended, by result.", "result",
                                {"task", "empty", "cancelled", "drained",
                                 "undelivered", "refused", "terminate"})),
      hold_(AddHistogram(registry, "holdline_poll_hold_seconds",
                         "Time from a poll's arrival to its response.",
                         kHoldSeconds)),
      dispatch_(
          AddHistogram(registry, "holdline_dispatch_latency_seconds",
                       "Time from matching a task with a poll to the response.",
                       kDispatchSeconds)) {
  auto& family = prometheus::BuildCounter()
                     .Name("holdline_calls_total")
                     .Help("Calls, by method and status code.")
                     .Register(*registry);
  for (const google::protobuf::FileDescriptor* file :
       {v1::PollForTaskInput::descriptor()->file(),
        v1::SubmitTasksRequest::descriptor()->file(),
        v1::ListGroupsRequest::descriptor()->file()}) {
    for (int s = 0; s < file->service_count(); ++s) {
      const google::protobuf::ServiceDescriptor* service = file->service(s);
      for (int m = 0; m < service->method_count(); ++m) {
        const std::string method =
            absl::StrCat(service->name(), "/", service->method(m)->name());
        calls_[method] = AddMethod(&family, method);
      }
    }
  }
  calls_[kOtherMethod] = AddMethod(&family, kOtherMethod);
}

void CallMetrics::Answered(const CallFacts& call) {
  auto method = calls_.find(call.method);
  if (method == calls_.end()) method = calls_.find(kOtherMethod);
  const int code = static_cast<int>(call.code);
  const bool known = code >= 0 && code < kCodes;
  method->second[known ? code : grpc::StatusCode::UNKNOWN]->Increment();
}

void CallMetrics::Polled(const PollFacts& poll) {
  poll_results_[static_cast<size_t>(poll.outcome)]->Increment();
  hold_.Observe(absl::ToDoubleSeconds(poll.hold));
  if (poll.outcome == PollOutcome::kTask) {
    dispatch_.Observe(absl::ToDoubleSeconds(poll.dispatch));
  }
}

}  // namespace holdline
