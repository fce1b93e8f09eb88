// Throughput and CPU cost of polls over AWS JSON.

#ifndef HOLDLINE_TESTS_LOAD_JSON_POLLS_H_
#define HOLDLINE_TESTS_LOAD_JSON_POLLS_H_

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "tests/load/subject.h"

namespace holdline::load {

// Callers, each with a connection of its own and one poll outstanding.
inline constexpr int kPollers = 16;

struct PollFigures {
  double per_second = 0;
  double server_cpu_microseconds = 0;  // per poll
};

struct JsonPollFigures {
  PollFigures json;  // signed, through the gateway
  PollFigures grpc;  // the same polls of the same broker, over gRPC
  PollFigures echo;  // the same requests, sent back by Boost.Beast alone
};

// Polls an empty group, which the broker holds for a millisecond, for
// `duration` in each way.
absl::StatusOr<JsonPollFigures> MeasureJsonPolls(const Places& places,
                                                 absl::Duration duration);

}  // namespace holdline::load

#endif  // HOLDLINE_TESTS_LOAD_JSON_POLLS_H_
