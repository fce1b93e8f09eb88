// Compares what two planners have come to, of which one was restarted.

#ifndef HOLDLINE_SERVER_PIPELINE_TESTING_PLANNER_OUTCOME_H_
#define HOLDLINE_SERVER_PIPELINE_TESTING_PLANNER_OUTCOME_H_

#include "server/pipeline/model/stored_pipelines.h"

namespace holdline {

// Expects that both have the same pipelines and components, and of each
// component as many instances of each kind. The order in which what follows is
// drawn may be another, and with it the numbers of tasks, which of several
// failures one has failed by, and which of two resources got the only place.
// Failures are gtest's.
void ExpectSameOutcome(const StoredPipelines& restarted,
                       const StoredPipelines& other);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_TESTING_PLANNER_OUTCOME_H_
