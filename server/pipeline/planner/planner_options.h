// The planner's limits, collaborators and output.

#ifndef HOLDLINE_SERVER_PIPELINE_PLANNER_PLANNER_OPTIONS_H_
#define HOLDLINE_SERVER_PIPELINE_PLANNER_PLANNER_OPTIONS_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "server/broker/ids.h"
#include "server/pipeline/model/batch.h"
#include "server/pipeline/model/reply.h"
#include "server/pipeline/planner/attempts.h"
#include "server/pipeline/planner/draft.h"
#include "server/pipeline/planner/run_view.h"
#include "server/pipeline/validation/validation_limits.h"

namespace holdline {

struct PlannerOptions {
  // The most pipelines that an account may have (DATAPIPELINE section 13.1).
  int64_t pipelines_max = 10000;

  // The steps of all agendas in a turn; and the least that each event gets, so
  // that many small events of one turn do not wait for each other.
  int steps_per_turn = 128;
  int steps_per_event = 16;

  ValidationLimits limits;
};

// The functions that the planner calls.
struct PlannerSurroundings {
  EncodeTask encode;
  ReadInstance read;

  // Whether the account had a pipeline of this public id that was deleted.
  std::function<bool(const AccountId& account, const std::string& id)>
      was_deleted;
};

// An answer and the call that it answers.
struct PlannerReply {
  CallId call{};
  PipelineReply what;
};

// The output of a turn.
struct PlannerOutput {
  // The rows to be stored first.
  PipelineBatch batch;

  // The replies to be published after the commit, and only if it succeeded.
  std::vector<PlannerReply> replies;

  // The drafts to be judged on another thread: each result comes back as the
  // command DraftJudged.
  std::vector<Draft> drafts;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_PLANNER_PLANNER_OPTIONS_H_
