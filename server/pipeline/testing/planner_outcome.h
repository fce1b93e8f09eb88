// The comparison of the final state of two planners, one of which was
// restarted.

#ifndef HOLDLINE_SERVER_PIPELINE_TESTING_PLANNER_OUTCOME_H_
#define HOLDLINE_SERVER_PIPELINE_TESTING_PLANNER_OUTCOME_H_

#include "server/pipeline/model/stored_pipelines.h"

namespace holdline {

// Expects the same pipelines and components, and for each component as many
// instances of each kind. The order of consequences may differ, and with it
// task numbers, the failure that caused another of several, and the resource
// that got the only slot. Failures are gtest's.
void ExpectSameOutcome(const StoredPipelines& restarted,
                       const StoredPipelines& other);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_TESTING_PLANNER_OUTCOME_H_
