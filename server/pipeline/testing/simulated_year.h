// The simulation of up to a year of hourly pipelines, with runners that fail,
// fall silent or never acknowledge, as fast as it can be computed.

#ifndef HOLDLINE_SERVER_PIPELINE_TESTING_SIMULATED_YEAR_H_
#define HOLDLINE_SERVER_PIPELINE_TESTING_SIMULATED_YEAR_H_

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/engine/core.h"

namespace holdline {

struct SimulatedYearOptions {
  int pipelines = 1000;
  int64_t hours = 8760;

  // Percentages: attempts that fail; that are acknowledged and never reported
  // on again; hand-outs that are not acknowledged; checks of a precondition
  // that are false.
  int failing = 5;
  int silent = 1;
  int unacknowledged = 1;
  int false_checks = 10;
};

struct SimulatedYearFigures {
  int64_t instances = 0;
  int64_t attempts = 0;

  // Calls of runners and due intervals.
  int64_t events = 0;
  int64_t commits = 0;

  // The most instances that were live at once.
  int64_t live_max = 0;

  // Instances by final status.
  std::array<int64_t, 11> by_status = {};
};

// Not thread-safe. Each pipeline has ten components: a checked source, six
// activities and two nodes behind it, in mode cascade.
class SimulatedYear {
 public:
  explicit SimulatedYear(const SimulatedYearOptions& options);

  // Runs the simulation; `each_day` is called after each day with the number of
  // days. The error says which instance is missing or ended otherwise than its
  // attempts did.
  absl::Status Run(const std::function<void(int64_t days)>& each_day);

  const SimulatedYearFigures& figures() const { return figures_; }

 private:
  enum class Outcome { kFinished, kFailed, kSilent, kFalse };

  // A report that a runner is going to make.
  struct Deed {
    absl::Time time;
    TaskId task{};
    LeaseId lease = kNoLease;
    AttemptEnd end = AttemptEnd::kFinished;

    friend bool operator>(const Deed& a, const Deed& b) {
      return a.time != b.time ? a.time > b.time : a.lease > b.lease;
    }
  };

  // The stored part of an ended instance.
  struct Ended {
    RunStatus status;
    int attempts;
  };

  PlannerSurroundings Surroundings();
  void Begin();
  void DoWhatIsDue();
  void Commit();
  void Store(const PipelineBatch& batch);
  void Forget();
  void Perform(const Task& task);
  void Handle(const CommandBody& what);

  uint64_t Chance(const AttemptKey& key, int what) const;
  Outcome OutcomeOf(const AttemptKey& key, bool is_check) const;
  RunStatus EndOf(const InstanceKey& key, bool is_check) const;
  absl::Status CheckPipeline(PipelineNumber pipeline);
  absl::Status CheckInterval(PipelineNumber pipeline, absl::Time start);

  const SimulatedYearOptions options_;
  absl::Time now_;
  std::optional<Core> core_;
  uint64_t last_call_ = 0;
  int parked_ = 0;
  std::priority_queue<Deed, std::vector<Deed>, std::greater<Deed>> deeds_;
  absl::flat_hash_map<TaskId, AttemptKey> attempts_;
  absl::flat_hash_set<TaskId> lost_;

  // Ended instances of today and yesterday; older ones are never looked up.
  absl::flat_hash_map<InstanceKey, Ended> ended_[2];

  // Instances by component and status; and the expected numbers.
  std::vector<std::array<int64_t, 11>> counts_;
  std::vector<std::array<int64_t, 11>> expected_;
  SimulatedYearFigures figures_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_TESTING_SIMULATED_YEAR_H_
