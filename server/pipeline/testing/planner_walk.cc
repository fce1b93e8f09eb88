#include "server/pipeline/testing/planner_walk.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/pipeline/model/object_id.h"
#include "server/pipeline/testing/planner_harness.h"
#include "server/pipeline/testing/planner_oracle.h"
#include "server/pipeline/testing/planner_outcome.h"
#include "server/pipeline/testing/random_definition.h"
#include "server/pipeline/testing/sample_definitions.h"
#include "server/pipeline/testing/tape.h"

namespace holdline {
namespace {

constexpr size_t kPipelinesMax = 3;
constexpr size_t kHeldMax = 20;
constexpr char kStart[] = "2012-12-12T00:00:00";
constexpr AttemptEnd kFailures[] = {
    AttemptEnd::kFailed, AttemptEnd::kFailedForGood, AttemptEnd::kFalse};

// Half of the walks have turns of a few steps.
CoreOptions SomeOptions(Tape& tape) {
  CoreOptions options;
  if (tape.OneIn(2)) {
    options.planner.steps_per_turn = 1 + static_cast<int>(tape.Below(3));
    options.planner.steps_per_event = static_cast<int>(tape.Below(2));
  }
  return options;
}

class PlannerWalk {
 public:
  explicit PlannerWalk(const std::vector<uint8_t>& bytes)
      : tape_(bytes), p_(kStart, SomeOptions(tape_)), oracle_(&p_) {
    p_.after_unfinished_turn = [this] { AfterUnfinishedTurn(); };
  }

  WalkedFar Run() {
    while (!tape_.at_end() && !::testing::Test::HasFailure()) {
      Step();
      p_.Run();
      oracle_.LookAtEverything();
      if (restarted_.has_value() && restarted_at_ == Moment()) {
        ExpectSameOutcome(*restarted_, p_.disk);
        ++far_.compared;
      }
      restarted_.reset();
    }
    for (const auto& [key, instance] : p_.disk.instances) {
      ++far_.instances;
      far_.finished += instance.status == RunStatus::kFinished;
      far_.cascade_failed += instance.status == RunStatus::kCascadeFailed;
    }
    return far_;
  }

 private:
  struct Walked {
    std::string id;
    Definition definition;
  };

  void Step() {
    switch (tape_.Below(20)) {
      case 0:
        return Begin();
      case 1:
        return EditOne();
      case 2:
        return Activate();
      case 3:
        return Deactivate();
      case 4:
      case 5:
        return Steer();
      case 6:
        return Delete();
      case 7:
        return Restart();
      case 8:
        return Deliver();
      case 9:
      case 10:
      case 11:
      case 12:
        return TakeOne();
      case 13:
        return Report();
      case 14:
      case 15:
        return EndOne(AttemptEnd::kFinished);
      case 16:
        return EndOne(kFailures[tape_.Below(std::size(kFailures))]);
      case 17:
        return LoseOne();
      default:
        return LetTimePass();
    }
  }

  Walked* Pick() {
    return pipelines_.empty() ? nullptr
                              : &pipelines_[tape_.Below(pipelines_.size())];
  }

  void Begin() {
    if (pipelines_.size() >= kPipelinesMax) return;
    Walked walked{p_.Create(absl::StrCat("p", pipelines_.size())), {}};
    if (tape_.OneIn(4)) {
      const std::vector<Definition> samples = {
          HelloPipeline(),   ShellPipeline(),       NestedSchedules(),
          WideCascade(4),    SharedPreconditions(), OnDemandPipeline(2),
          ResourcePipeline()};
      walked.definition = samples[tape_.Below(samples.size())];
    } else {
      walked.definition = RandomDefinition(tape_, p_.now - absl::Hours(1));
    }
    const DefinitionChecked checked = p_.Put(walked.id, walked.definition);
    for (const ObjectMessages& of : checked.report.errors) {
      ADD_FAILURE() << of.id << ": " << of.messages.front();
    }
    p_.Activate(walked.id, {}, SomeStart()).IgnoreError();
    pipelines_.push_back(std::move(walked));
  }

  std::optional<absl::Time> SomeStart() {
    if (!tape_.OneIn(4)) return std::nullopt;
    return p_.now + absl::Minutes(30) * (static_cast<int>(tape_.Below(6)) - 3);
  }

  void EditOne() {
    Walked* walked = Pick();
    if (walked == nullptr) return;
    Definition edited = walked->definition;
    Edit(tape_, edited);
    const ReplyBody reply =
        p_.Say(PutDefinition{p_.account, walked->id, edited});
    const auto* checked = std::get_if<DefinitionChecked>(&reply);
    if (checked != nullptr && checked->report.errors.empty()) {
      walked->definition = std::move(edited);
    }
  }

  void Activate() {
    Walked* walked = Pick();
    if (walked == nullptr) return;
    p_.Activate(walked->id, {}, SomeStart()).IgnoreError();
    if (p_.StateOf(walked->id) == "FINISHED") ++far_.pipelines_finished;
  }

  void Deactivate() {
    Walked* walked = Pick();
    if (walked == nullptr || tape_.OneIn(2)) return;
    p_.Deactivate(walked->id, tape_.OneIn(2)).IgnoreError();
  }

  void Delete() {
    if (pipelines_.empty() || !tape_.OneIn(8)) return;
    const size_t place = tape_.Below(pipelines_.size());
    p_.Say(DeletePipeline{p_.account, pipelines_[place].id});
    pipelines_.erase(pipelines_.begin() + place);
  }

  // Instances are picked among all that there ever were.
  void Steer() {
    Walked* walked = Pick();
    if (walked == nullptr) return;
    const Pipeline& pipeline = PipelineOf(*walked);
    if (pipeline.workflow() == nullptr) return;
    std::vector<std::string> ids;
    const size_t count = 1 + tape_.Below(3);
    if (tape_.OneIn(3)) {
      for (size_t i = 0; i < count; ++i) {
        ids.push_back(
            pipeline.components[tape_.Below(pipeline.components.size())].id);
      }
      // More often on than off, or the walk comes to a halt.
      p_.Change(walked->id,
                tape_.OneIn(3) ? ObjectChange::kPause : ObjectChange::kResume,
                ids)
          .IgnoreError();
      return;
    }
    std::vector<InstanceKey> keys;
    for (const auto& [key, instance] : p_.disk.instances) {
      if (key.pipeline == pipeline.record.number) keys.push_back(key);
    }
    if (keys.empty()) return;
    for (size_t i = 0; i < count; ++i) {
      const size_t place =
          (tape_.Next() * size_t{256} + tape_.Next()) % keys.size();
      ids.push_back(InstanceId(*pipeline.workflow(), keys[place]));
    }
    static constexpr ObjectChange kChanges[] = {
        ObjectChange::kRerun, ObjectChange::kRerun, ObjectChange::kTryCancel,
        ObjectChange::kMarkFinished};
    p_.Change(walked->id, kChanges[tape_.Below(4)], ids).IgnoreError();
  }

  const Pipeline& PipelineOf(const Walked& walked) {
    return p_.core().planner().state().pipelines.at(
        p_.Record(walked.id).number);
  }

  // In the middle of what follows from something, the process ends now and
  // then; or what would come of that is kept, to be compared with what comes.
  void AfterUnfinishedTurn() {
    ++far_.unfinished_turns;
    // From there on it would be all restarts, and nothing ever answered.
    if (tape_.at_end()) return;
    switch (tape_.Below(24)) {
      case 0:
        return p_.Restart();
      case 1:
        if (p_.HasUndecided()) return;
        restarted_ = p_.AfterRestart();
        restarted_at_ = Moment();
        return;
      default:
        return;
    }
  }

  // After how many calls it is, when, and after how many intervals. Only in the
  // same moment a restart must not make a difference: it gives leases more
  // time, and sets those intervals in order that are overdue.
  std::tuple<uint64_t, absl::Time, int64_t> Moment() const {
    int64_t intervals = 0;
    for (const auto& [key, component] : p_.disk.components) {
      intervals += component.next_interval;
    }
    return {p_.calls(), p_.now, intervals};
  }

  void Restart() {
    if (!tape_.OneIn(3)) return;
    const auto instances = p_.disk.instances;
    const auto components = p_.disk.components;
    const auto pipelines = p_.disk.pipelines;
    p_.Restart();
    for (const auto& [key, instance] : p_.disk.instances) {
      const auto before = instances.find(key);
      EXPECT_TRUE(before != instances.end() && before->second == instance)
          << "a restart changed "
          << InstanceId(*p_.core()
                             .planner()
                             .state()
                             .pipelines.at(key.pipeline)
                             .workflow(),
                        key);
    }
    EXPECT_TRUE(p_.disk.components == components);
    EXPECT_TRUE(p_.disk.pipelines == pipelines);
    p_.now += absl::Minutes(tape_.Next());
  }

  void Deliver() {
    if (p_.disk.notifications.empty()) return;
    const NotificationNumber number = p_.disk.notifications.begin()->first;
    p_.Say(DeliveryEnded{number, tape_.OneIn(2),
                         p_.now + absl::Minutes(tape_.Next())});
  }

  void TakeOne() {
    if (held_.size() >= kHeldMax) return;
    // Any group that has a task.
    std::vector<std::string> groups;
    for (const auto& [id, task] : p_.core().broker().state().tasks) {
      if (task.state.phase == Phase::kWaiting &&
          task.state.ready_at <= p_.now) {
        groups.push_back(task.spec.group.name);
      }
    }
    if (groups.empty()) return;
    std::sort(groups.begin(), groups.end());
    const std::optional<Task> task =
        p_.TryTake(groups[tape_.Below(groups.size())]);
    if (!task.has_value()) return;
    ++far_.tasks_taken;
    held_.push_back(*task);
    if (tape_.OneIn(2)) p_.Report(*task);
  }

  void Report() {
    if (!held_.empty()) p_.IsCanceled(held_[tape_.Below(held_.size())]);
  }

  void EndOne(AttemptEnd end) {
    if (held_.empty()) return;
    const size_t place = tape_.Below(held_.size());
    const Task task = held_[place];
    p_.End(task, end, {"E", "boom", ""});
    if (!tape_.OneIn(8)) held_.erase(held_.begin() + place);
  }

  // The runner is not heard of any more, or hands its task back.
  void LoseOne() {
    if (held_.empty()) return;
    const size_t place = tape_.Below(held_.size());
    const Task task = held_[place];
    held_.erase(held_.begin() + place);
    if (tape_.OneIn(2)) return;
    const std::optional<Task> other = p_.PassOn(task, task.spec.group.name);
    if (other.has_value() && other->id != TaskId{}) held_.push_back(*other);
  }

  void LetTimePass() {
    static constexpr int kMinutes[] = {1, 2, 5, 15, 30, 60};
    p_.Pass(absl::Minutes(kMinutes[tape_.Below(6)]));
  }

  Tape tape_;
  PlannerHarness p_;
  PlannerOracle oracle_;
  std::vector<Walked> pipelines_;
  std::vector<Task> held_;
  WalkedFar far_;

  // What a restart would have led to, and when.
  std::optional<StoredPipelines> restarted_;
  std::tuple<uint64_t, absl::Time, int64_t> restarted_at_;
};

}  // namespace

WalkedFar WalkPlanner(const std::vector<uint8_t>& tape) {
  return PlannerWalk(tape).Run();
}

}  // namespace holdline
