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

  // How many steps of what follows from events a turn does, in all pipelines;
  // and how many an event has in any case, so that many small ones in one turn
  // do not wait for each other.
  int steps_per_turn = 128;
  int steps_per_event = 16;

  ValidationLimits limits;
};

// What the planner gets from outside.
struct PlannerSurroundings {
  EncodeTask encode;
  ReadInstance read;

  // Whether the account had a pipeline of this public id that was deleted.
  std::function<bool(const AccountId& account, const std::string& id)>
      was_deleted;
};

// An answer and to whom it goes.
struct PlannerReply {
  CallId call{};
  PipelineReply what;
};

// What a run of commands has led to.
struct PlannerOutput {
  // To be stored first.
  PipelineBatch batch;

  // To be published after that, and only if it was stored.
  std::vector<PlannerReply> replies;

  // To be judged, on another thread: the result of each is a command.
  std::vector<Draft> drafts;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_PLANNER_PLANNER_OPTIONS_H_
