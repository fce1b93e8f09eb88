// The oracle: checks what a planner stores against the rules, independently.

#ifndef HOLDLINE_SERVER_PIPELINE_TESTING_PLANNER_ORACLE_H_
#define HOLDLINE_SERVER_PIPELINE_TESTING_PLANNER_ORACLE_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "server/pipeline/model/batch.h"
#include "server/pipeline/testing/planner_harness.h"

namespace holdline {

// Reads stored rows only, with as little of the planner's own code as possible.
// Failures are gtest's.
class PlannerOracle {
 public:
  // The harness is not owned and outlives it.
  explicit PlannerOracle(PlannerHarness* harness);

  // Checks that each instance that starts in the batch may start.
  void LookAt(const PipelineBatch& batch);

  // Checks that memory equals the stored rows, and that no interval is left
  // out. Call it when all that is due is done.
  void LookAtEverything();

 private:
  // The instance as it is after the batch.
  std::optional<Instance> Next(const InstanceKey& key) const;

  void NoteForgotten(const Instance& before, const Instance& next);
  void CheckStart(const Instance& started);
  void CheckDependency(const Instance& started, const Component& dependency,
                       absl::Time start);
  void CheckAttempts(const Instance& next);
  void CheckMemory();
  void CheckIntervals(const Pipeline& pipeline);

  std::string Name(const Instance& instance) const;

  PlannerHarness& p_;
  const PipelineBatch* batch_ = nullptr;

  // Dependents and dependencies that they dropped because of a shorter
  // schedule. A later schedule may have the interval again.
  std::set<std::pair<InstanceKey, InstanceKey>> forgotten_;

  // The number of attempts that an instance had when it was made or rerun.
  std::map<InstanceKey, int> first_attempts_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_TESTING_PLANNER_ORACLE_H_
