// Conversion of durations to protobuf.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_VERB_PROTO_TIME_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_VERB_PROTO_TIME_H_

#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace holdline::client {

// REQUIRES: finite.
google::protobuf::Duration ToProto(absl::Duration duration);
google::protobuf::Timestamp ToProto(absl::Time time);

absl::Duration FromProto(const google::protobuf::Duration& duration);
absl::Time FromProto(const google::protobuf::Timestamp& time);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_VERB_PROTO_TIME_H_
