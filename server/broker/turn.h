// The circumstances of one command.

#ifndef HOLDLINE_SERVER_BROKER_TURN_H_
#define HOLDLINE_SERVER_BROKER_TURN_H_

#include "absl/functional/function_ref.h"
#include "server/broker/ids.h"
#include "server/broker/now.h"
#include "server/broker/task.h"

namespace holdline {

// No worker group is retired: there are no pipelines.
inline bool NoneIsRetired(const GroupKey&) { return false; }

// Refers to what it was given, and lives no longer than the turn.
struct Turn {
  // Who is to be answered.
  CallId call{};
  Now now;

  // The task that Broker::RecordNeeded asked for; null if the store has no such
  // task, or none was asked for.
  const Task* record = nullptr;

  // Returns whether the runners of a worker group are to exit although nobody
  // drains them, because what they were started for has ended (DATAPIPELINE
  // section 3.17). Asked of heartbeats only.
  absl::FunctionRef<bool(const GroupKey&)> is_retired = NoneIsRetired;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_TURN_H_
