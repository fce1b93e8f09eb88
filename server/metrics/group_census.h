// The census of worker groups, read from an engine page by page.

#ifndef HOLDLINE_SERVER_METRICS_GROUP_CENSUS_H_
#define HOLDLINE_SERVER_METRICS_GROUP_CENSUS_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/broker/reply.h"
#include "server/metrics/timed_question.h"

namespace holdline {

// Calls `each` on this thread with every group of every account, in order, page
// by page so that no answer holds up the engine for long. A group that changes
// meanwhile is seen as it is when its turn comes.
//
// DEADLINE_EXCEEDED: the engine has not answered all by `deadline` of the
// steady clock; the engine's own error otherwise. `each` may have seen some
// groups by then.
absl::Status ForEachGroup(const AskEngine& ask, absl::Time deadline,
                          absl::FunctionRef<void(const GroupView&)> each);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_METRICS_GROUP_CENSUS_H_
