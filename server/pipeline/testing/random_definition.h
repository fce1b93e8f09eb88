// Random definitions: small, valid, chosen by bytes, for random walks.

#ifndef HOLDLINE_SERVER_PIPELINE_TESTING_RANDOM_DEFINITION_H_
#define HOLDLINE_SERVER_PIPELINE_TESTING_RANDOM_DEFINITION_H_

#include "absl/time/time.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/testing/tape.h"

namespace holdline {

// Returns a definition with schedules from about `start` on, or on demand, of
// up to seven components: activities, nodes, preconditions and resources, in
// any mode, with short limits of time, alarms, and expressions that are wrong
// at times.
Definition RandomDefinition(Tape& tape, absl::Time start);

// Edits a definition as an activated pipeline allows: later ends, other
// commands, another object.
void Edit(Tape& tape, Definition& definition);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_TESTING_RANDOM_DEFINITION_H_
