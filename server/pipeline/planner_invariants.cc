// What holds of the planner at all times, for its tests.

#include "absl/strings/str_cat.h"
#include "server/pipeline/object_id.h"
#include "server/pipeline/planner.h"

namespace holdline {
namespace {

absl::Status Broken(const Workflow& workflow, const Instance& instance,
                    absl::string_view what) {
  return absl::InternalError(
      absl::StrCat(InstanceId(workflow, instance.key), " ", what));
}

// Counts one by one what the ledger counts along the way.
bool IsExact(const PipelineCensus& census, const PipelinesState& state) {
  PipelineCensus counted;
  for (const auto& [number, pipeline] : state.pipelines) {
    counted.Count(pipeline.record.state, 1);
  }
  for (const auto& [key, instance] : state.instances) {
    counted.Count(instance.status, 1);
  }
  return census == counted;
}

}  // namespace

absl::Status Planner::CheckInvariants() const {
  if (!IsExact(ledger_.census(), state())) {
    return absl::InternalError("the census is wrong");
  }
  for (const auto& [key, instance] : state().instances) {
    const auto found = state().pipelines.find(key.pipeline);
    if (found == state().pipelines.end()) {
      return absl::InternalError("an instance has no pipeline");
    }
    const Pipeline& pipeline = found->second;
    const Workflow& workflow = *pipeline.workflow();
    const Component* component = workflow.Find(key.component);
    if (component == nullptr) continue;
    if (HasEnded(instance.status)) continue;
    const bool waits = instance.status == RunStatus::kWaitingOnDependencies;
    if (waits && instance.task != TaskId{}) {
      return Broken(workflow, instance, "waits and has a task");
    }
    if (!waits && !instance.waiting_on.empty()) {
      return Broken(workflow, instance, "runs and waits for something");
    }
    if (instance.task != TaskId{} &&
        !broker_->state().tasks.contains(instance.task)) {
      return Broken(workflow, instance, "has a task that is not live");
    }
    const bool stopped =
        pipeline.record.state != PipelineState::kScheduled ||
        pipeline.component(key.component).status == ComponentStatus::kPaused;
    if (!waits && instance.task == TaskId{} && !stopped) {
      return Broken(workflow, instance, "is to run and has no task");
    }
    if (instance.attempts - instance.rechecks > 0 && !instance.rerun &&
        component->family() != ObjectFamily::kPrecondition &&
        component->family() != ObjectFamily::kResource &&
        instance.attempts > component->run.retries + 1) {
      return Broken(workflow, instance, "was tried too often");
    }
  }
  return absl::OkStatus();
}

}  // namespace holdline
