// What is still to be drawn from what has happened to instances: a list, so
// that however long a chain is, none of it is on the stack.

#ifndef HOLDLINE_SERVER_PIPELINE_PLANNER_RUN_AGENDA_H_
#define HOLDLINE_SERVER_PIPELINE_PLANNER_RUN_AGENDA_H_

#include <deque>
#include <optional>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_set.h"
#include "server/pipeline/model/ids.h"
#include "server/pipeline/model/instance.h"

namespace holdline {

// Empty between the calls of the planner. Not thread-safe.
class RunAgenda {
 public:
  // An instance and what it no longer waits for.
  struct Struck {
    InstanceKey waiting;
    std::vector<InstanceKey> off;
  };

  // Notes one that has ended, whose consequences come first.
  void AddEnded(Instance ended);
  std::optional<Instance> TakeEnded();

  // Notes one that may go on, once however often it is said.
  void Consider(const InstanceKey& key);
  std::optional<InstanceKey> TakeConsidered();

  // Notes that `waiting` no longer waits for `key`. Returns how much has been
  // struck off its list.
  size_t Strike(const InstanceKey& waiting, const InstanceKey& key);

  // What was struck off one list; and of any list.
  std::vector<InstanceKey> TakeStruck(const InstanceKey& waiting);
  std::optional<Struck> TakeStruck();

  // Notes a machine that may not be needed any more. That is asked when nothing
  // else is left, since what follows may still need it.
  void Doubt(const InstanceKey& machine);
  std::optional<InstanceKey> TakeDoubted();

 private:
  std::deque<Instance> ended_;
  std::deque<InstanceKey> considered_;
  absl::flat_hash_set<InstanceKey> is_considered_;
  absl::btree_map<InstanceKey, std::vector<InstanceKey>> struck_;
  absl::btree_set<InstanceKey> doubted_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_PLANNER_RUN_AGENDA_H_
