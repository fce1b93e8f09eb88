// The calendar by which history grows old enough to be deleted.

#ifndef HOLDLINE_SERVER_ENGINE_RETENTION_CALENDAR_H_
#define HOLDLINE_SERVER_ENGINE_RETENTION_CALENDAR_H_

#include <optional>

#include "absl/time/time.h"
#include "server/broker/now.h"

namespace holdline {

// Follows the calendar, but one that was set forward by more than an hour only
// after a day: a wrong date that is noticed by then has deleted nothing. Not
// thread-safe.
class RetentionCalendar {
 public:
  static constexpr absl::Duration kStepMin = absl::Hours(1);
  static constexpr absl::Duration kDelay = absl::Hours(24);

  // REQUIRES: steady times do not run back.
  absl::Time At(const Now& now);

 private:
  // What this calendar showed last, and when; absent before the first time.
  std::optional<Now> last_;

  // Since when the calendar has been ahead of this one; infinite future if it
  // is not.
  absl::Time ahead_since_ = absl::InfiniteFuture();
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_ENGINE_RETENTION_CALENDAR_H_
