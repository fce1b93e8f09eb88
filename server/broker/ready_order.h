// The order in which the ready tasks of one worker group are handed out.
//
// Higher priority first; within a priority the fairness keys take turns; within
// a key the oldest first. Waiting outweighs priority in time: a task counts as
// if it had been ready `priority_step` earlier for each level of its priority,
// and the levels are compared by their oldest tasks, so no task waits for ever.

#ifndef HOLDLINE_SERVER_BROKER_READY_ORDER_H_
#define HOLDLINE_SERVER_BROKER_READY_ORDER_H_

#include <compare>
#include <cstddef>
#include <functional>
#include <list>
#include <map>
#include <string>

#include "absl/container/btree_set.h"
#include "absl/container/node_hash_map.h"
#include "absl/time/time.h"
#include "server/broker/ids.h"
#include "server/broker/task.h"

namespace holdline {

// Not thread-safe.
class ReadyOrder {
 public:
  // `priority_step` is as in BrokerOptions.
  explicit ReadyOrder(absl::Duration priority_step)
      : priority_step_(priority_step) {}

  // Adds a task that is not there yet.
  void Add(const Task& task);

  // Removes a task. REQUIRES: it was added, with the same specification and
  // `ready_at`.
  void Remove(const Task& task);

  // Removes and returns the next task. REQUIRES: not empty.
  TaskId Pop();

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }

  // Since when the oldest task has been ready; infinite future if empty.
  absl::Time oldest() const;

 private:
  // Tasks that became ready at the same time keep the order of submission.
  struct Position {
    absl::Time ready_at;
    TaskId task;

    friend std::strong_ordering operator<=>(const Position&,
                                            const Position&) = default;
  };

  // The tasks of one fairness key.
  struct Share {
    absl::btree_set<Position> waiting;

    // Its position in the level's `turns`.
    std::list<Share*>::iterator turn;
    std::string key;
  };

  // The tasks of one priority.
  struct Level {
    // All its tasks by age: the oldest is compared with those of other levels.
    absl::btree_set<Position> by_age;

    absl::node_hash_map<std::string, Share> shares;

    // The shares that have tasks; the front one is next.
    std::list<Share*> turns;
  };

  using Levels = std::map<int, Level, std::greater<int>>;

  Levels::iterator NextLevel();
  void Erase(Levels::iterator level, Share& share, Position position);

  const absl::Duration priority_step_;
  Levels levels_;
  size_t size_ = 0;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_READY_ORDER_H_
