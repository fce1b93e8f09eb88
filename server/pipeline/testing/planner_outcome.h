// Compares what two planners have come to, of which one was restarted.

#ifndef HOLDLINE_SERVER_PIPELINE_TESTING_PLANNER_OUTCOME_H_
#define HOLDLINE_SERVER_PIPELINE_TESTING_PLANNER_OUTCOME_H_

#include "server/pipeline/testing/pipeline_disk.h"

namespace holdline {

// Expects that both have the same pipelines, components and instances, as far
// as that does not depend on the order in which what follows is drawn: not the
// numbers of tasks, and not by which of several failures one has failed.
// Failures are gtest's.
void ExpectSameOutcome(const PipelineDisk& restarted,
                       const PipelineDisk& other);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_TESTING_PLANNER_OUTCOME_H_
