// A random walk through everything that a broker can be asked to do.

#ifndef HOLDLINE_SERVER_BROKER_BROKER_WALK_H_
#define HOLDLINE_SERVER_BROKER_BROKER_WALK_H_

#include <cstdint>
#include <vector>

namespace holdline {

// Lets the bytes of `tape` choose commands, jumps in time and restarts, a step
// each, and checks after each step that the broker's invariants hold, that
// memory equals what was stored, and that what a runner or submitter was told
// stays true. Failures are gtest's. Returns how many tasks were handed out, so
// that a caller can tell whether the walk went anywhere.
int WalkBroker(const std::vector<uint8_t>& tape);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_BROKER_WALK_H_
