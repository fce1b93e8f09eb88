// A year, or less of it, of pipelines that run each hour, with runners that
// fail, fall silent or are never heard of: as fast as it can be worked out.

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

  // Of a hundred attempts: how many fail; how many are acknowledged and never
  // heard of again; how many hand-outs are not even acknowledged; and how many
  // checks of a precondition are false.
  int failing = 5;
  int silent = 1;
  int unacknowledged = 1;
  int false_checks = 10;
};

struct SimulatedYearFigures {
  int64_t instances = 0;
  int64_t attempts = 0;

  // Calls of runners, and intervals that came due.
  int64_t events = 0;
  int64_t commits = 0;

  // The most that were live at once.
  int64_t live_max = 0;

  // By final status.
  std::array<int64_t, 11> by_status = {};
};

// Not thread-safe. Each pipeline has ten components: a checked source, six
// activities and two nodes behind it, in mode cascade.
class SimulatedYear {
 public:
  explicit SimulatedYear(const SimulatedYearOptions& options);

  // Lets all of it pass. `each_day` is told, after each day, how many there
  // were. Says whether every instance is accounted for: there is one for each
  // interval of each component, and it has ended as its attempts did.
  absl::Status Run(const std::function<void(int64_t days)>& each_day);

  const SimulatedYearFigures& figures() const { return figures_; }

 private:
  enum class Outcome { kFinished, kFailed, kSilent, kFalse };

  // What a runner is going to do.
  struct Deed {
    absl::Time time;
    TaskId task{};
    LeaseId lease = kNoLease;
    AttemptEnd end = AttemptEnd::kFinished;

    friend bool operator>(const Deed& a, const Deed& b) {
      return a.time != b.time ? a.time > b.time : a.lease > b.lease;
    }
  };

  // What is remembered of an instance that has ended, as a store would.
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

  // Of today and yesterday: nobody asks for older ones.
  absl::flat_hash_map<InstanceKey, Ended> ended_[2];

  // How many of a component ended how; and how many there should be.
  std::vector<std::array<int64_t, 11>> counts_;
  std::vector<std::array<int64_t, 11>> expected_;
  SimulatedYearFigures figures_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_TESTING_SIMULATED_YEAR_H_
