#include "server/pipeline/model/transitions.h"

#include <vector>

namespace holdline {
namespace {

using Run = RunStatus;
using RunTable = std::vector<Transition<RunStatus>>;

constexpr Run kWaiting = Run::kWaitingOnDependencies;
constexpr Run kReady = Run::kWaitingForRunner;

constexpr char kMade[] = "made";
constexpr char kCanceled[] = "cancelled, by hand or with its pipeline";

// Interventions in any state (section 3.13): RERUN of ended instances and
// MARK_FINISHED of those that have not finished.
void AddInterventions(RunTable& table) {
  std::vector<Run> ended = {Run::kFinished, Run::kFailed,   Run::kCascadeFailed,
                            Run::kCanceled, Run::kTimedOut, Run::kSkipped};
  const auto reached = [&table](Run status) {
    return std::any_of(table.begin(), table.end(),
                       [&](const auto& row) { return row.to == status; });
  };
  std::erase_if(ended, [&](Run status) { return !reached(status); });
  for (const Run status : ended) {
    table.push_back({status, kWaiting, "RERUN", true});
  }
  if (reached(Run::kSkipped)) {
    table.push_back({Run::kCanceled, Run::kSkipped,
                     "activation from a later start on", true});
  }
  std::vector<Run> unfinished;
  for (const Run status :
       {kWaiting, kReady, Run::kCreating, Run::kRunning, Run::kFailed,
        Run::kCascadeFailed, Run::kCanceled, Run::kTimedOut, Run::kSkipped}) {
    if (reached(status) && !Allows<Run>(table, status, Run::kFinished)) {
      unfinished.push_back(status);
    }
  }
  for (const Run status : unfinished) {
    table.push_back({status, Run::kFinished, "MARK_FINISHED", true});
  }
}

RunTable OfActivities() {
  RunTable table = {
      {std::nullopt, kWaiting, kMade},
      {std::nullopt, Run::kSkipped, "before the start that was asked for"},
      {kWaiting, kReady, "nothing is lacking, a place is free"},
      {kReady, Run::kRunning, "handed out"},
      {Run::kRunning, kReady, "not acknowledged, or failed with attempts left"},
      {Run::kRunning, Run::kFinished, "done"},
      {Run::kRunning, Run::kFailed, "failed, no attempts left"},
      {kReady, Run::kFailed, "cannot be told to a runner"},
      {kReady, kWaiting, "its resource is lost"},
      {Run::kRunning, kWaiting, "its resource is lost"},
      {kWaiting, Run::kFailed, "a precondition failed"},
      {kWaiting, Run::kCascadeFailed, "what it waits for failed"},
      {kWaiting, Run::kCanceled, kCanceled},
      {kReady, Run::kCanceled, kCanceled},
      {Run::kRunning, Run::kCanceled, kCanceled},
  };
  AddInterventions(table);
  return table;
}

RunTable OfDataNodes() {
  RunTable table = {
      {std::nullopt, kWaiting, kMade},
      {std::nullopt, Run::kSkipped, "before the start that was asked for"},
      {kWaiting, Run::kFinished, "written, and its preconditions hold"},
      {kWaiting, Run::kFailed, "a precondition failed"},
      {kWaiting, Run::kCascadeFailed, "what it waits for failed"},
      {kWaiting, Run::kCanceled, kCanceled},
  };
  AddInterventions(table);
  return table;
}

RunTable OfResources() {
  RunTable table = {
      {std::nullopt, kWaiting, kMade},
      {std::nullopt, Run::kSkipped, "before the start that was asked for"},
      {kWaiting, Run::kCreating, "an activity is ready for it"},
      {Run::kCreating, Run::kRunning, "its runner was handed something"},
      {Run::kRunning, Run::kCreating, "lost, with attempts left"},
      {kWaiting, Run::kFinished, "all that would run on it has ended"},
      {Run::kCreating, Run::kFinished, "all that would run on it has ended"},
      {Run::kRunning, Run::kFinished, "all that runs on it has ended"},
      {Run::kCreating, Run::kFailed, "not launched, no attempts left"},
      {Run::kRunning, Run::kFailed, "lost, no attempts left"},
      {Run::kCreating, Run::kTimedOut, "terminateAfter is over"},
      {Run::kRunning, Run::kTimedOut, "terminateAfter is over"},
      {kWaiting, Run::kCanceled, kCanceled},
      {Run::kCreating, Run::kCanceled, kCanceled},
      {Run::kRunning, Run::kCanceled, kCanceled},
  };
  AddInterventions(table);
  return table;
}

RunTable OfPreconditions() {
  RunTable table = {
      {std::nullopt, kWaiting, "what it guards lacks nothing else"},
      {kWaiting, kReady, "to be checked"},
      {kReady, Run::kRunning, "handed out"},
      {Run::kRunning, kReady, "false, not acknowledged, or attempts left"},
      {Run::kRunning, Run::kFinished, "true"},
      {Run::kRunning, Run::kFailed, "false for too long, or no attempts left"},
      {kReady, kWaiting, "its resource is lost"},
      {Run::kRunning, kWaiting, "its resource is lost"},
      {kReady, Run::kFailed,
       "false for too long, or cannot be told to a runner"},
      {kWaiting, Run::kCanceled, "what it guards has ended"},
      {kReady, Run::kCanceled, "what it guards has ended"},
      {Run::kRunning, Run::kCanceled, "what it guards has ended"},
  };
  AddInterventions(table);
  return table;
}

}  // namespace

absl::Span<const Transition<PipelineState>> PipelineTransitions() {
  using State = PipelineState;
  static constexpr Transition<State> kTable[] = {
      {std::nullopt, State::kPending, "CreatePipeline"},
      {State::kPending, State::kScheduled, "ActivatePipeline"},
      {State::kScheduled, State::kDeactivating,
       "DeactivatePipeline, what runs may finish"},
      {State::kScheduled, State::kInactive,
       "DeactivatePipeline, all is cancelled"},
      {State::kDeactivating, State::kInactive, "nothing runs any more"},
      {State::kDeactivating, State::kScheduled, "ActivatePipeline"},
      {State::kInactive, State::kScheduled, "ActivatePipeline"},
      {State::kScheduled, State::kFinished, "nothing is left to run"},
      {State::kFinished, State::kScheduled,
       "ActivatePipeline, with more to run"},
  };
  return kTable;
}

absl::Span<const Transition<ComponentStatus>> ComponentTransitions() {
  using Status = ComponentStatus;
  static constexpr Transition<Status> kTable[] = {
      {std::nullopt, Status::kPending, "PutPipelineDefinition"},
      {Status::kPending, Status::kScheduled, "pipeline activated"},
      {Status::kScheduled, Status::kPaused, "PAUSE"},
      {Status::kPaused, Status::kScheduled, "RESUME"},
      {Status::kScheduled, Status::kInactive, "pipeline deactivated"},
      {Status::kInactive, Status::kPaused, "PAUSE"},
      {Status::kPaused, Status::kInactive, "RESUME, pipeline not active"},
      {Status::kInactive, Status::kScheduled, "pipeline activated"},
      {Status::kScheduled, Status::kFinished, "nothing is left to run"},
      {Status::kFinished, Status::kPaused, "PAUSE"},
      {Status::kFinished, Status::kInactive, "pipeline deactivated"},
      {Status::kFinished, Status::kScheduled, "pipeline activated"},
  };
  return kTable;
}

absl::Span<const Transition<RunStatus>> RunTransitions(ObjectFamily family) {
  static const RunTable& activities = *new RunTable(OfActivities());
  static const RunTable& data_nodes = *new RunTable(OfDataNodes());
  static const RunTable& resources = *new RunTable(OfResources());
  static const RunTable& preconditions = *new RunTable(OfPreconditions());
  switch (family) {
    case ObjectFamily::kDataNode:
      return data_nodes;
    case ObjectFamily::kResource:
      return resources;
    case ObjectFamily::kPrecondition:
      return preconditions;
    case ObjectFamily::kActivity:
      return activities;
    case ObjectFamily::kNone:
    case ObjectFamily::kAction:
    case ObjectFamily::kSchedule:
    case ObjectFamily::kDatabase:
    case ObjectFamily::kDataFormat:
    case ObjectFamily::kUtility:
      break;  // these do not run
  }
  return {};
}

}  // namespace holdline
