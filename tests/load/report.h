// The report of a measurement, as a table and as JSON.

#ifndef HOLDLINE_TESTS_LOAD_REPORT_H_
#define HOLDLINE_TESTS_LOAD_REPORT_H_

#include <string>
#include <vector>

#include "tests/load/backfill.h"
#include "tests/load/cascades.h"
#include "tests/load/json_polls.h"
#include "tests/load/latency.h"
#include "tests/load/life_cycles.h"
#include "tests/load/parked_calls.h"

namespace holdline::load {

// The figures of one server in one round.
struct SubjectFigures {
  LifeCycleFigures own_connections;     // a connection for each caller
  LifeCycleFigures shared_connections;  // a few for all of them
  ParkedFigures alone;                  // one poll that is parked
  ParkedFigures many;                   // one of many
};

// The figures of one round.
struct Round {
  SubjectFigures broker;
  SubjectFigures raw;
  Latency round_trip;  // of a raw call
  Latency sync;        // fdatasync
  BackfillFigures backfill;
  CascadesFigures cascades;       // of as many activities as the default allows
  CascadesFigures long_cascades;  // of ten times as many
  JsonPollFigures json_polls;
};

// Returns the medians of the rounds, of which there must be one at least, and
// of the ratios of each, as a table.
std::string TableOf(const std::vector<Round>& rounds);

// Returns the same, with the figures of each round, as JSON.
std::string JsonOf(const std::vector<Round>& rounds);

}  // namespace holdline::load

#endif  // HOLDLINE_TESTS_LOAD_REPORT_H_
