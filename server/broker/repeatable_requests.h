// The expiry times, on the steady clock, of submissions that are remembered so
// that a repeat is recognised.

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
  // Adds the stored requests, with which a broker continues at `now`. Each
  // lasts as long as the calendar leaves of it, but at least `left_min` and at
  // most `left_max`, since the calendar may have been set meanwhile.
  void Restore(const absl::flat_hash_map<RequestKey, RequestRecord>& records,
               const Now& now, absl::Duration left_min,
               absl::Duration left_max);

  // Adds a request. If `until` is before the end of one added earlier, it lasts
  // as long as that.
  void Add(RequestKey request, absl::Time until);

  // Makes all requests last until `time` at least.
  void Extend(absl::Time time);

  // When the next one is to be forgotten; infinite future if there is none.
  absl::Time NextEnd() const;

  // Removes and returns the request that ends next. REQUIRES: not empty.
  RequestKey Pop();

  bool empty() const { return requests_.empty(); }
  size_t size() const { return requests_.size(); }

 private:
  std::deque<std::pair<RequestKey, absl::Time>> requests_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_REPEATABLE_REQUESTS_H_
