// The context in which one command is handled.

#ifndef HOLDLINE_SERVER_BROKER_TURN_H_
#define HOLDLINE_SERVER_BROKER_TURN_H_

#include "absl/functional/function_ref.h"
#include "server/broker/ids.h"
#include "server/broker/now.h"
#include "server/broker/task.h"

namespace holdline {

// The default of Turn::is_retired, for a broker without pipelines.
inline bool NoneIsRetired(const GroupKey&) { return false; }

// Refers to its arguments, so must not outlive the handling of the command.
struct Turn {
  // The call to be answered.
  CallId call{};
  Now now;

  // The task that Broker::RecordNeeded asked for; null if the store has no such
  // task, or none was asked for.
  const Task* record = nullptr;

  // Returns whether the runners of a worker group are to exit although they are
  // not draining, because the resource that they run on has ended (DATAPIPELINE
  // section 3.17). Called for heartbeats only.
  absl::FunctionRef<bool(const GroupKey&)> is_retired = NoneIsRetired;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_TURN_H_
