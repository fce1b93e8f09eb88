// Times and durations between Abseil and protobuf.

#ifndef HOLDLINE_SERVER_QUERIES_PROTO_TIME_H_
#define HOLDLINE_SERVER_QUERIES_PROTO_TIME_H_

#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace holdline {

// Exact. The argument must be well-formed, as validation sees to.
absl::Duration FromProto(const google::protobuf::Duration& duration);
absl::Time FromProto(const google::protobuf::Timestamp& time);

// Exact to the nanosecond, rounded down. The argument must be finite.
void ToProto(absl::Duration from, google::protobuf::Duration* to);
void ToProto(absl::Time from, google::protobuf::Timestamp* to);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_QUERIES_PROTO_TIME_H_
