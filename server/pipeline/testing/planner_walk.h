// A random walk through everything that a planner can be asked to do.

#ifndef HOLDLINE_SERVER_PIPELINE_TESTING_PLANNER_WALK_H_
#define HOLDLINE_SERVER_PIPELINE_TESTING_PLANNER_WALK_H_

#include <cstdint>
#include <vector>

namespace holdline {

// How far a walk went, so that a caller can tell whether it went anywhere.
struct WalkedFar {
  int tasks_taken = 0;
  int instances = 0;
  int finished = 0;
  int cascade_failed = 0;
  int pipelines_finished = 0;

  // Turns that have left something to be drawn; and how often what a restart
  // after one would lead to was compared with what came.
  int unfinished_turns = 0;
  int compared = 0;
};

// Lets the bytes of `tape` choose definitions, requests, what runners do, jumps
// in time and restarts, a step each, and checks after each step that
//
//  - the planner's invariants hold,
//  - nothing has started whose dependencies did not allow it,
//  - no more tries have failed than are allowed,
//  - no interval was left out and none is overdue,
//  - what is on disk is what is in memory, and a restart changes nothing,
//  - a restart between two turns leads to what comes without it.
//
// Failures are gtest's.
WalkedFar WalkPlanner(const std::vector<uint8_t>& tape);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_TESTING_PLANNER_WALK_H_
