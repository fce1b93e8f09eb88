// When a failed attempt is tried again.

#ifndef HOLDLINE_SERVER_BROKER_RETRY_H_
#define HOLDLINE_SERVER_BROKER_RETRY_H_

#include "absl/time/time.h"
#include "server/broker/task.h"

namespace holdline {

// Returns the time of the next attempt of a task whose present attempt fails at
// `now`, or infinite future if it has no tries left. The part that is left to
// chance is drawn from the task's id and attempt, so that the decision can be
// made again with the same result.
absl::Time NextAttemptTime(const Task& task, absl::Time now);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_RETRY_H_
