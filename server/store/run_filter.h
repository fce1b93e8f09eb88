// The filter of instances and attempts: one rule for every store.

#ifndef HOLDLINE_SERVER_STORE_RUN_FILTER_H_
#define HOLDLINE_SERVER_STORE_RUN_FILTER_H_

#include "absl/time/time.h"
#include "server/pipeline/model/instance.h"
#include "server/store/archive.h"

namespace holdline {

// The most instances or attempts that one page looks at, those that the filter
// rejects included.
inline constexpr int kRunsExaminedMax = 5000;

// Whether `filter` lets it through. Do not look at the pipeline.
bool Matches(const RunFilter& filter, const Instance& instance);

// `end` is when the interval of its instance ends.
bool Matches(const RunFilter& filter, const Attempt& attempt, absl::Time end);

// Whether `filter` lets only instances through that have not ended.
bool OnlyLive(const RunFilter& filter);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_RUN_FILTER_H_
