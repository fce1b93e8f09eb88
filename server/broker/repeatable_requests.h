// The requests that can be repeated, and until when, on the steady clock.

#ifndef HOLDLINE_SERVER_BROKER_REPEATABLE_REQUESTS_H_
#define HOLDLINE_SERVER_BROKER_REPEATABLE_REQUESTS_H_

#include <cstddef>
#include <deque>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "server/broker/ids.h"
#include "server/broker/now.h"
#include "server/broker/update.h"

namespace holdline {

// Not thread-safe.
class RepeatableRequests {
 public:
  // Adds those that are stored, on which a broker goes on at `now`, with what
  // its calendar leaves of each: at least `left_min` and at most `left_max`,
  // since the calendar may have been set meanwhile.
  void Restore(const absl::flat_hash_map<RequestKey, RequestRecord>& records,
               const Now& now, absl::Duration left_min,
               absl::Duration left_max);

  // Adds one. If it ends before others that are there, it lasts as long as
  // they do.
  void Add(RequestKey request, absl::Time until);

  // Lets all of them last until `time` at least.
  void Extend(absl::Time time);

  // When the next one is to be forgotten; infinite future if there is none.
  absl::Time NextEnd() const;

  // Takes out the next one. REQUIRES: there is one.
  RequestKey Pop();

  bool empty() const { return requests_.empty(); }
  size_t size() const { return requests_.size(); }

 private:
  std::deque<std::pair<RequestKey, absl::Time>> requests_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_REPEATABLE_REQUESTS_H_
