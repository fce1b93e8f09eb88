// A pipeline of many objects, in the shapes in which the most follows from one
// event, and what the turns cost that draw it.

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

// How activities depend on each other: each on the one before it, all on the
// first, or the last on all others.
enum class LargeShape { kChain, kFanOut, kFanIn };

// The turns of the core that an event takes, without their commits.
struct LargeEvent {
  std::string name;
  int64_t turns = 0;

  // Rows that they would store.
  int64_t rows = 0;

  // Facts recorded and instances looked up: in all of them, and in the turn
  // that had most.
  int64_t work = 0;
  int64_t work_max = 0;

  // How long they took together, and the longest.
  absl::Duration time;
  absl::Duration time_max;
};

// Not thread-safe. On demand, in mode cascade, with one try.
class LargePipeline {
 public:
  // `clock` tells the time of each turn's begin and end.
  LargePipeline(LargeShape shape, int activities,
                std::function<absl::Duration()> clock);

  // Puts, activates, fails, runs again, cancels, finishes, deactivates and
  // deletes. INTERNAL: something did not become of it that should.
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

  // How many of the instances on disk are of a status.
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
