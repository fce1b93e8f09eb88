// A large pipeline, in the shapes with the most consequences of one event, and
// the measured cost of the turns that work them off.

#ifndef HOLDLINE_SERVER_PIPELINE_TESTING_LARGE_PIPELINE_H_
#define HOLDLINE_SERVER_PIPELINE_TESTING_LARGE_PIPELINE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/engine/core.h"
#include "server/pipeline/model/stored_pipelines.h"

namespace holdline {

// The dependencies of the activities: each on the one before, all on the first,
// or the last on all others.
enum class LargeShape { kChain, kFanOut, kFanIn };

// The cost of one event: the turns of the core until its agenda is empty,
// without commits.
struct LargeEvent {
  std::string name;
  int64_t turns = 0;

  // Rows that the turns would store.
  int64_t rows = 0;

  // Facts recorded and instances looked up: in total, and in the largest turn.
  int64_t work = 0;
  int64_t work_max = 0;

  // Time in total, and of the longest turn.
  absl::Duration time;
  absl::Duration time_max;
};

// An on-demand pipeline in mode cascade, without retries. Not thread-safe.
class LargePipeline {
 public:
  // `clock` is read at the begin and end of each turn.
  LargePipeline(LargeShape shape, int activities,
                std::function<absl::Duration()> clock);

  // Puts, activates, fails, reruns, cancels, finishes, deactivates and deletes
  // the pipeline. INTERNAL: a status is not as expected.
  absl::Status Run();

  const std::vector<LargeEvent>& events() const { return events_; }

 private:
  PlannerSurroundings Surroundings();
  absl::Status Say(const std::string& event, const PipelineCommand& command);
  absl::Status Change(const std::string& event, ObjectChange change);
  absl::Status EndFirst(const std::string& event, AttemptEnd end);
  void Do(const std::string& event, const std::function<void()>& what);
  void Turn(LargeEvent* event, const std::function<void()>& what);
  void Store(const CoreOutput& output);

  // The number of stored instances of a status.
  int64_t Count(RunStatus status) const;
  absl::Status Expect(const std::string& event, RunStatus status,
                      int64_t count) const;

  const LargeShape shape_;
  const int activities_;
  const std::function<absl::Duration()> clock_;
  absl::Time now_;
  StoredPipelines disk_;
  std::optional<Core> core_;
  uint64_t last_call_ = 0;
  std::vector<LargeEvent> events_;
  std::vector<DraftJudged> drafts_;
  std::optional<Task> task_;
  absl::Status refusal_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_TESTING_LARGE_PIPELINE_H_
