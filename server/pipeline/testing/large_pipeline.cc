#include "server/pipeline/testing/large_pipeline.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "server/pipeline/calendar/field_time.h"
#include "server/pipeline/model/object_id.h"

namespace holdline {
namespace {

constexpr char kId[] = "df-1";

// In another group, so that the pipeline does not finish with the others.
constexpr char kRest[] = "Rest";

std::string Name(int number) { return absl::StrCat("A", number); }

PipelineObject Activity(const std::string& id) {
  return {id, id, {{"type", "ShellCommandActivity"}, {"command", "true"}}};
}

Definition Write(LargeShape shape, int activities) {
  Definition definition;
  definition.objects.push_back({"Default",
                                "Default",
                                {{"workerGroup", "wg"},
                                 {"scheduleType", "ondemand"},
                                 {"failureAndRerunMode", "cascade"},
                                 {"maximumRetries", "0"}}});
  definition.objects.push_back(Activity(kRest));
  definition.objects.back().fields.push_back({"workerGroup", "rest"});
  for (int i = 0; i < activities; ++i) {
    PipelineObject object = Activity(Name(i));
    const auto depend = [&](int on) {
      object.fields.push_back({"dependsOn", Name(on), true});
    };
    if (shape == LargeShape::kChain && i > 0) depend(i - 1);
    if (shape == LargeShape::kFanOut && i > 0) depend(0);
    if (shape == LargeShape::kFanIn && i == activities - 1) {
      for (int on = 0; on < i; ++on) depend(on);
    }
    definition.objects.push_back(std::move(object));
  }
  return definition;
}

CoreOptions WithoutLimits() {
  CoreOptions options;
  options.planner.limits.objects_max = 1000 * 1000;
  options.planner.limits.object_bytes_max = 1000 * 1000 * 1000;
  return options;
}

std::string Encode(const std::string& pipeline,
                   absl::Span<const PipelineObject> objects) {
  std::string payload = pipeline;
  for (const PipelineObject& object : objects) {
    for (const Field& field : object.fields) {
      absl::StrAppend(&payload, field.key, field.value);
    }
  }
  return payload;
}

int64_t RowsOf(const CoreOutput& output) {
  const PipelineBatch& pipelines = output.pipelines;
  return static_cast<int64_t>(
      output.tasks.new_tasks.size() + output.tasks.changed_tasks.size() +
      pipelines.pipelines.size() + pipelines.definitions.size() +
      pipelines.components.size() + pipelines.instances.size() +
      pipelines.attempts.size());
}

}  // namespace

LargePipeline::LargePipeline(LargeShape shape, int activities,
                             std::function<absl::Duration()> clock)
    : shape_(shape),
      activities_(activities),
      clock_(std::move(clock)),
      now_(*ParseFieldTime("2012-12-12T00:00:00")) {
  core_.emplace(WithoutLimits(), State(), PipelineRows(), Surroundings(), now_);
}

PlannerSurroundings LargePipeline::Surroundings() {
  PlannerSurroundings surroundings;
  surroundings.encode = Encode;
  surroundings.read = [this](const InstanceKey& key) {
    return disk_.Read(key);
  };
  surroundings.was_deleted = [](const AccountId&, const std::string&) {
    return false;
  };
  return surroundings;
}

absl::Status LargePipeline::Run() {
  const AccountId account{"account"};
  // What the end of the first takes with it, and itself.
  const int64_t all = shape_ == LargeShape::kFanIn ? 2 : activities_;
  absl::Status status =
      Say("creating", CreatePipeline{account, "", kId, kId, kId, "", {}});
  status.Update(
      Say("putting", PutDefinition{account, kId, Write(shape_, activities_)}));
  status.Update(Say("activating", ActivatePipeline{account, kId, {}, {}}));
  status.Update(EndFirst("failing", AttemptEnd::kFailed));
  status.Update(Expect("failing", RunStatus::kCascadeFailed, all - 1));
  status.Update(Change("rerunning", ObjectChange::kRerun));
  status.Update(Expect("rerunning", RunStatus::kCascadeFailed, 0));
  status.Update(Change("cancelling", ObjectChange::kTryCancel));
  status.Update(Expect("cancelling", RunStatus::kCascadeFailed, all - 1));
  status.Update(Change("rerunning", ObjectChange::kRerun));
  status.Update(EndFirst("finishing", AttemptEnd::kFinished));
  status.Update(Expect("finishing", RunStatus::kFinished, 1));
  status.Update(Say("deactivating", DeactivatePipeline{account, kId, true}));
  // With the one that does not finish.
  status.Update(Expect("deactivating", RunStatus::kCanceled, activities_));
  status.Update(Say("activating", ActivatePipeline{account, kId, {}, {}}));
  status.Update(Say("deleting", DeletePipeline{account, kId}));
  return status;
}

absl::Status LargePipeline::Say(const std::string& event,
                                const PipelineCommand& command) {
  refusal_ = absl::OkStatus();
  Do(event, [&] {
    core_->Handle({.call = CallId{++last_call_}, .now = now_}, command);
  });
  return refusal_;
}

absl::Status LargePipeline::Change(const std::string& event,
                                   ObjectChange change) {
  const Pipeline& pipeline =
      core_->planner().state().pipelines.at(PipelineNumber{1});
  const Component& first = *pipeline.workflow()->Find(Name(0));
  const std::string id =
      InstanceId(*pipeline.workflow(),
                 {PipelineNumber{1},
                  pipeline.component(first.number).latest_run, first.number});
  return Say(event, ChangeObjects{AccountId{"account"}, kId, {id}, change});
}

absl::Status LargePipeline::EndFirst(const std::string& event, AttemptEnd end) {
  task_.reset();
  Do("polling", [&] {
    core_->Handle({.call = CallId{++last_call_}, .now = now_},
                  Poll{{AccountId("account"), "wg"}, "host", now_});
  });
  if (!task_.has_value()) return absl::InternalError("nothing to run");
  Do(event, [&] {
    core_->Handle(
        {.call = CallId{++last_call_}, .now = now_},
        EndAttempt{task_->id, task_->state.lease.id, end, {"E", "", ""}});
  });
  return absl::OkStatus();
}

void LargePipeline::Do(const std::string& event,
                       const std::function<void()>& what) {
  now_ += absl::Seconds(1);
  core_->Advance(now_, 1000, 1000);
  Store(core_->TakeOutput());
  LargeEvent turns;
  turns.name = event;
  Turn(&turns, what);
  while (!drafts_.empty() || core_->planner().HasLeft()) {
    Turn(&turns, [&] {
      core_->Advance(now_, 1000, 1000);
      for (DraftJudged& judged : std::exchange(drafts_, {})) {
        core_->Handle({.now = now_}, PipelineCommand(std::move(judged)));
      }
    });
  }
  events_.push_back(std::move(turns));
}

void LargePipeline::Turn(LargeEvent* event, const std::function<void()>& what) {
  const int64_t work = core_->planner().work();
  const absl::Duration start = clock_();
  what();
  const CoreOutput output = core_->TakeOutput();
  const absl::Duration took = clock_() - start;
  const int64_t worked = core_->planner().work() - work;
  ++event->turns;
  event->rows += RowsOf(output);
  event->work += worked;
  event->work_max = std::max(event->work_max, worked);
  event->time += took;
  event->time_max = std::max(event->time_max, took);
  Store(output);
}

// What drafts are judged by is no part of the loop's turns.
void LargePipeline::Store(const CoreOutput& output) {
  for (const Draft& draft : output.drafts) drafts_.push_back(Judge(draft));
  disk_.Store(output.pipelines);
  for (const Reply& reply : output.replies) {
    const auto* answer = std::get_if<PollAnswer>(&reply.body);
    if (answer != nullptr && answer->task.has_value()) task_ = answer->task;
    const auto* refused = std::get_if<absl::Status>(&reply.body);
    if (refused != nullptr) refusal_ = *refused;
  }
}

int64_t LargePipeline::Count(RunStatus status) const {
  int64_t count = 0;
  for (const auto& [key, instance] : disk_.instances) {
    count += instance.status == status ? 1 : 0;
  }
  return count;
}

absl::Status LargePipeline::Expect(const std::string& event, RunStatus status,
                                   int64_t count) const {
  if (Count(status) == count) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("after ", event, " ", Count(status), " are of the status ",
                   static_cast<int>(status), ", not ", count));
}

}  // namespace holdline
