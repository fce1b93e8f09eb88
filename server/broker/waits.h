// The calls that wait for a task to end.

#ifndef HOLDLINE_SERVER_BROKER_WAITS_H_
#define HOLDLINE_SERVER_BROKER_WAITS_H_

#include <cstddef>
#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "server/broker/ids.h"

namespace holdline {

// A wait that is held.
struct ParkedWait {
  CallId call{};
  TaskId task{};
  AccountId account;
  absl::Time hold_until;  // of the steady clock
};

// Not thread-safe.
class Waits {
 public:
  // REQUIRES: the call is not parked.
  void Park(const ParkedWait& wait);

  // Removes and returns a parked call; nothing if it is not parked.
  std::optional<ParkedWait> Unpark(CallId call);

  // The calls that wait for a task, in order of arrival.
  std::vector<CallId> WaitingFor(TaskId task) const;

  // All held calls.
  std::vector<CallId> parked_calls() const;
  size_t parked_count() const { return waits_.size(); }

 private:
  absl::flat_hash_map<CallId, ParkedWait> waits_;
  absl::flat_hash_map<TaskId, std::vector<CallId>> by_task_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_WAITS_H_
