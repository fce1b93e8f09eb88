// The filter of instances and attempts, shared by all stores.

#ifndef HOLDLINE_SERVER_STORE_RUN_FILTER_H_
#define HOLDLINE_SERVER_STORE_RUN_FILTER_H_

#include "absl/time/time.h"
#include "server/pipeline/model/instance.h"
#include "server/store/archive.h"

namespace holdline {

// The most instances or attempts that are examined for one page, those that the
// filter rejects included.
inline constexpr int kRunsExaminedMax = 5000;

// Whether an instance or attempt matches `filter`, of which `pipeline` is
// ignored.
bool Matches(const RunFilter& filter, const Instance& instance);

// `end` is the end of the interval of its instance.
bool Matches(const RunFilter& filter, const Attempt& attempt, absl::Time end);

// Whether `filter` can match only instances that have not ended.
bool OnlyLive(const RunFilter& filter);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_RUN_FILTER_H_
