#include "server/queries/proto_time.h"

#include <cstdint>

namespace holdline {

absl::Duration FromProto(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds()) +
         absl::Nanoseconds(duration.nanos());
}

absl::Time FromProto(const google::protobuf::Timestamp& time) {
  return absl::FromUnixSeconds(time.seconds()) +
         absl::Nanoseconds(time.nanos());
}

void ToProto(absl::Duration from, google::protobuf::Duration* to) {
  absl::Duration rest;
  to->set_seconds(absl::IDivDuration(from, absl::Seconds(1), &rest));
  to->set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(rest)));
}

void ToProto(absl::Time from, google::protobuf::Timestamp* to) {
  const int64_t seconds = absl::ToUnixSeconds(from);
  to->set_seconds(seconds);
  to->set_nanos(static_cast<int32_t>(
      absl::ToInt64Nanoseconds(from - absl::FromUnixSeconds(seconds))));
}

}  // namespace holdline
