// The deadlines of components and instances, soonest first.

#ifndef HOLDLINE_SERVER_PIPELINE_PLANNER_RUN_DEADLINES_H_
#define HOLDLINE_SERVER_PIPELINE_PLANNER_RUN_DEADLINES_H_

#include <compare>
#include <cstdint>

#include "absl/container/btree_set.h"
#include "absl/time/time.h"
#include "server/pipeline/model/ids.h"

namespace holdline {

// The kind of a deadline. Kinds of the same time are served in this order:
// resources are made before what runs on them.
enum class RunDeadlineKind {
  kResource,   // a resource's next interval is due; only its component counts
  kInterval,   // the same of another component
  kLate,       // an instance has not started in time
  kUnmet,      // a precondition has been false for long enough
  kStartUp,    // a resource has taken too long to come up
  kTerminate,  // a resource has lived long enough
};

// A deadline. Whoever knows its members can find and remove it.
struct RunDeadline {
  absl::Time time;
  RunDeadlineKind kind{};
  InstanceKey key;

  friend std::strong_ordering operator<=>(const RunDeadline&,
                                          const RunDeadline&) = default;
};

// The set of all deadlines; those in the infinite future are not kept. Not
// thread-safe.
class RunDeadlines {
 public:
  void Add(const RunDeadline& deadline) {
    if (deadline.time != absl::InfiniteFuture()) deadlines_.insert(deadline);
  }
  void Remove(const RunDeadline& deadline) { deadlines_.erase(deadline); }

  bool Contains(const RunDeadline& deadline) const {
    return deadlines_.contains(deadline);
  }

  absl::Time Next() const {
    return deadlines_.empty() ? absl::InfiniteFuture()
                              : deadlines_.begin()->time;
  }

  // The number of intervals that are due by `now`. Takes time by that number.
  int64_t CountIntervals(absl::Time now) const {
    int64_t count = 0;
    for (const RunDeadline& deadline : deadlines_) {
      if (deadline.time > now) break;
      count += deadline.kind <= RunDeadlineKind::kInterval;
    }
    return count;
  }

  // REQUIRES: Next() is not infinite.
  RunDeadline Pop() {
    const RunDeadline first = *deadlines_.begin();
    deadlines_.erase(deadlines_.begin());
    return first;
  }

 private:
  absl::btree_set<RunDeadline> deadlines_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_PLANNER_RUN_DEADLINES_H_
