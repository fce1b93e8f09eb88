#include "server/engine/retention_calendar.h"

#include <algorithm>

namespace holdline {

absl::Time RetentionCalendar::At(const Now& now) {
  const absl::Time expected =
      last_.has_value() ? last_->CalendarAt(now.steady) : now.calendar;
  const bool ahead = now.calendar - expected > kStepMin;
  ahead_since_ =
      ahead ? std::min(ahead_since_, now.steady) : absl::InfiniteFuture();
  const bool follow = !ahead || now.steady - ahead_since_ >= kDelay;
  last_ = Now(follow ? now.calendar : expected, now.steady);
  return last_->calendar;
}

}  // namespace holdline
