// A queue of deadlines, soonest first.

#ifndef HOLDLINE_SERVER_BROKER_DEADLINES_H_
#define HOLDLINE_SERVER_BROKER_DEADLINES_H_

#include <compare>
#include <cstddef>
#include <cstdint>

#include "absl/container/btree_set.h"
#include "absl/time/time.h"

namespace holdline {

// The kind of a deadline, which tells what its id names.
enum class DeadlineKind {
  kDelay,     // TaskId: a waiting task becomes ready
  kLease,     // TaskId: a lease ends
  kPoll,      // CallId: a held poll is answered empty
  kWait,      // CallId: a held wait is answered with the task as it is
  kRequests,  // zero: the oldest remembered request is forgotten
  kRunners,   // zero: runners not seen for `runner_retention` are forgotten
};

// A value.
struct Deadline {
  absl::Time time;
  DeadlineKind kind;
  uint64_t id = 0;

  friend std::strong_ordering operator<=>(const Deadline&,
                                          const Deadline&) = default;
};

// Not thread-safe.
class Deadlines {
 public:
  // Adds a deadline that is not in the queue. No-op for infinite future.
  void Add(const Deadline& deadline);

  // Removes a deadline. Returns whether it was there.
  bool Remove(const Deadline& deadline);

  // Whether the deadline is there.
  bool Contains(const Deadline& deadline) const;

  // The soonest time at which something is due; infinite future if nothing is.
  absl::Time Next() const;

  // Takes out the soonest deadline. REQUIRES: Next() is not infinite.
  Deadline Pop();

  size_t size() const { return deadlines_.size(); }

 private:
  absl::btree_set<Deadline> deadlines_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_DEADLINES_H_
