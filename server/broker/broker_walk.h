// A random walk through all commands of a broker.

#ifndef HOLDLINE_SERVER_BROKER_BROKER_WALK_H_
#define HOLDLINE_SERVER_BROKER_BROKER_WALK_H_

#include <cstdint>
#include <vector>

namespace holdline {

// Counts by which a test can tell that a walk reached what it should.
struct BrokerWalkReach {
  // Tasks that were handed out, again or for the first time.
  int handed_out = 0;

  // Commands that were refused because a limit was reached.
  int refused = 0;
};

// Lets the bytes of `tape` choose the broker's options and then commands, jumps
// in time and restarts, a step each, and checks after each step that the
// broker's invariants hold, that memory equals what was stored, that no account
// has more than it may, and that what a runner or submitter was told stays
// true. Failures are gtest's.
BrokerWalkReach WalkBroker(const std::vector<uint8_t>& tape);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_BROKER_WALK_H_
