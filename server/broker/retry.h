// The retry schedule of failed attempts.

#ifndef HOLDLINE_SERVER_BROKER_RETRY_H_
#define HOLDLINE_SERVER_BROKER_RETRY_H_

#include "absl/time/time.h"
#include "server/broker/task.h"

namespace holdline {

// Returns the time of the next attempt of a task whose present attempt fails at
// `now`, or infinite future if it has no attempts left. The jitter is derived
// from the task's id and attempt, so that the result is reproducible.
absl::Time NextAttemptTime(const Task& task, absl::Time now);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_RETRY_H_
