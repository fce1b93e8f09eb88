// The calendar by which the age of history is measured before it is deleted.

#ifndef HOLDLINE_SERVER_ENGINE_RETENTION_CALENDAR_H_
#define HOLDLINE_SERVER_ENGINE_RETENTION_CALENDAR_H_

#include <optional>

#include "absl/time/time.h"
#include "server/broker/now.h"

namespace holdline {

// Follows the calendar. If that is set forward by more than kStepMin, follows
// it only after kDelay, so that a wrong date that is corrected in time deletes
// nothing. Not thread-safe.
class RetentionCalendar {
 public:
  static constexpr absl::Duration kStepMin = absl::Hours(1);
  static constexpr absl::Duration kDelay = absl::Hours(24);

  // Returns the time by this calendar. REQUIRES: `now.steady` does not decrease
  // from call to call.
  absl::Time At(const Now& now);

 private:
  // The last result of At and its time; absent before the first call.
  std::optional<Now> last_;

  // The steady time since when the calendar has been ahead of this one;
  // infinite future if it is not.
  absl::Time ahead_since_ = absl::InfiniteFuture();
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_ENGINE_RETENTION_CALENDAR_H_
