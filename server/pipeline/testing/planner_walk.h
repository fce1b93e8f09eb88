// A random walk through all commands and events of a planner.

#ifndef HOLDLINE_SERVER_PIPELINE_TESTING_PLANNER_WALK_H_
#define HOLDLINE_SERVER_PIPELINE_TESTING_PLANNER_WALK_H_

#include <cstdint>
#include <vector>

namespace holdline {

// Counts of what a walk did, so that a caller can tell whether it met enough.
struct WalkedFar {
  int tasks_taken = 0;
  int instances = 0;
  int finished = 0;
  int cascade_failed = 0;
  int pipelines_finished = 0;

  // Turns that left work on an agenda; and comparisons of a restart after such
  // a turn with the walk without it.
  int unfinished_turns = 0;
  int compared = 0;
};

// Lets the bytes of `tape` choose definitions, requests, what runners do, jumps
// in time and restarts, a step each, and checks after each step that
//
//  - the planner's invariants hold,
//  - no instance has started before its dependencies,
//  - no more attempts have failed than retries allow,
//  - no interval was left out and none is overdue,
//  - memory equals the stored rows, and a restart changes nothing,
//  - a restart between two turns leads to the same outcome.
//
// Failures are gtest's.
WalkedFar WalkPlanner(const std::vector<uint8_t>& tape);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_TESTING_PLANNER_WALK_H_
