// Watches what a planner stores, and says what should not be so.

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

// Looks at what is stored only, and with as little of the planner's own code as
// can be. Failures are gtest's.
class PlannerOracle {
 public:
  // The harness is not owned and outlives it.
  explicit PlannerOracle(PlannerHarness* harness);

  // Whether what starts may start, against what is on disk and in the batch.
  void LookAt(const PipelineBatch& batch);

  // Whether memory and disk are the same, and no interval is left out. To be
  // asked when all that is due has been done.
  void LookAtEverything();

 private:
  // As it is once the batch is stored.
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

  // Who no longer waits for what, because a shorter schedule does not have it.
  // A later one may.
  std::set<std::pair<InstanceKey, InstanceKey>> forgotten_;

  // With which attempt an instance began that was made, or run again.
  std::map<InstanceKey, int> first_attempts_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_TESTING_PLANNER_ORACLE_H_
