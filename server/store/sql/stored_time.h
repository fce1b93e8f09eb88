// Times and durations as stored: microseconds (since 1970), where the largest
// and smallest int64_t are the infinite ones.

#ifndef HOLDLINE_SERVER_STORE_SQL_STORED_TIME_H_
#define HOLDLINE_SERVER_STORE_SQL_STORED_TIME_H_

#include <cstdint>

#include "absl/time/time.h"

namespace holdline {

inline int64_t Microseconds(absl::Time time) {
  return absl::ToUnixMicros(time);
}

inline int64_t Microseconds(absl::Duration duration) {
  return absl::ToInt64Microseconds(duration);
}

inline absl::Time TimeOf(int64_t microseconds) {
  if (microseconds == INT64_MAX) return absl::InfiniteFuture();
  if (microseconds == INT64_MIN) return absl::InfinitePast();
  return absl::FromUnixMicros(microseconds);
}

inline absl::Duration DurationOf(int64_t microseconds) {
  if (microseconds == INT64_MAX) return absl::InfiniteDuration();
  if (microseconds == INT64_MIN) return -absl::InfiniteDuration();
  return absl::Microseconds(microseconds);
}

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_SQL_STORED_TIME_H_
