#include "server/pipeline/testing/simulated_year.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "server/pipeline/calendar/field_time.h"
#include "server/pipeline/model/run_fields.h"
#include "server/pipeline/testing/sample_definitions.h"

namespace holdline {
namespace {

constexpr char kStart[] = "2013-01-01T00:00:00";
constexpr int kParkedMax = 64;
constexpr int kStepsMax = 1000;
constexpr size_t kDeedsMax = 256;
constexpr int kRetries = 2;

// By number, which is the order in the definition.
enum : uint32_t {
  kSource = 1,
  kReady,
  kExtract,
  kRaw,
  kClean,
  kCleaned,
  kCount,
  kTrain,
  kLoad,
  kPublish,
};

SampleObject Activity(const std::string& id, std::vector<SampleField> more) {
  std::vector<SampleField> fields = {
      {"type", "ShellCommandActivity"},
      {"command", absl::StrCat("/opt/", id,
                               " --from #{@scheduledStartTime} "
                               "--to #{@scheduledEndTime}")}};
  fields.insert(fields.end(), more.begin(), more.end());
  return {id, fields};
}

SampleObject Node(const std::string& id, std::vector<SampleField> more) {
  std::vector<SampleField> fields = {
      {"type", "S3DataNode"},
      {"directoryPath",
       absl::StrCat("s3://bucket/", id,
                    "/#{format(@scheduledStartTime, 'YYYY-MM-dd-HH')}")}};
  fields.insert(fields.end(), more.begin(), more.end());
  return {id, fields};
}

Definition TenComponents(int64_t hours) {
  return Make({
      {"Default",
       {{"workerGroup", "wg"},
        {"scheduleType", "cron"},
        {"schedule", Ref("Hourly")},
        {"failureAndRerunMode", "cascade"},
        {"maximumRetries", absl::StrCat(kRetries)},
        {"pipelineLogUri", "s3://logs/"}}},
      {"Hourly",
       {{"type", "Schedule"},
        {"period", "1 hour"},
        {"startDateTime", kStart},
        {"occurrences", absl::StrCat(hours)}}},
      Node("Source", {{"precondition", Ref("Ready")}}),
      {"Ready",
       {{"type", "ShellCommandPrecondition"},
        {"command", "test -e #{node.directoryPath}"}}},
      Activity("Extract", {{"input", Ref("Source")}, {"output", Ref("Raw")}}),
      Node("Raw", {}),
      Activity("Clean", {{"input", Ref("Raw")}, {"output", Ref("Cleaned")}}),
      Node("Cleaned", {}),
      Activity("Count", {{"input", Ref("Cleaned")}}),
      Activity("Train",
               {{"input", Ref("Cleaned")}, {"dependsOn", Ref("Count")}}),
      Activity("Load", {{"dependsOn", Ref("Train")}}),
      Activity("Publish", {{"dependsOn", Ref("Load")}}),
  });
}

// About as much work as writing a message.
std::string Encode(const std::string& pipeline,
                   absl::Span<const PipelineObject> objects) {
  std::string payload = pipeline;
  for (const PipelineObject& object : objects) {
    absl::StrAppend(&payload, object.id, object.name);
    for (const Field& field : object.fields) {
      absl::StrAppend(&payload, field.key, field.value);
    }
  }
  return payload;
}

uint64_t Mix(uint64_t a) {
  a += 0x9e3779b97f4a7c15;
  a = (a ^ (a >> 30)) * 0xbf58476d1ce4e5b9;
  a = (a ^ (a >> 27)) * 0x94d049bb133111eb;
  return a ^ (a >> 31);
}

size_t Index(RunStatus status) { return static_cast<size_t>(status); }

bool IsCheck(const InstanceKey& key) { return key.owner != kNoComponent; }

}  // namespace

SimulatedYear::SimulatedYear(const SimulatedYearOptions& options)
    : options_(options),
      now_(*ParseFieldTime(kStart)),
      counts_(kPublish + 1),
      expected_(kPublish + 1) {
  core_.emplace(CoreOptions(), State(), PipelineRows(), Surroundings(), now_);
}

PlannerSurroundings SimulatedYear::Surroundings() {
  PlannerSurroundings surroundings;
  surroundings.encode = Encode;
  surroundings.read =
      [this](const InstanceKey& key) -> std::optional<Instance> {
    for (const auto& ended : ended_) {
      const auto found = ended.find(key);
      if (found == ended.end()) continue;
      Instance instance;
      instance.key = key;
      instance.status = found->second.status;
      instance.attempts = found->second.attempts;
      return instance;
    }
    return std::nullopt;
  };
  surroundings.was_deleted = [](const AccountId&, const std::string&) {
    return false;
  };
  return surroundings;
}

void SimulatedYear::Begin() {
  const AccountId account{"account"};
  const Definition definition = TenComponents(options_.hours);
  for (int i = 0; i < options_.pipelines; ++i) {
    const std::string id = absl::StrCat("df-", i);
    const auto say = [&](PipelineCommand command) {
      core_->Handle({.call = CallId{++last_call_}, .now = now_},
                    std::move(command));
    };
    say(CreatePipeline{account, "creator", id, id, id, "", {}});
    say(PutDefinition{account, id, definition});
    Commit();
    say(ActivatePipeline{account, id, {}, {}});
    Commit();
  }
}

absl::Status SimulatedYear::Run(
    const std::function<void(int64_t days)>& each_day) {
  Begin();
  const absl::Time begin = now_;
  const absl::Time end = begin + absl::Hours(options_.hours + 24);
  int64_t days = 0;
  while (now_ <= end) {
    DoWhatIsDue();
    absl::Time next = core_->NextDeadline();
    if (!deeds_.empty()) next = std::min(next, deeds_.top().time);
    now_ = std::max(now_, next);
    while (begin + absl::Hours(24) * (days + 1) <= std::min(now_, end)) {
      Forget();
      each_day(++days);
    }
  }
  for (int i = 0; i < options_.pipelines; ++i) {
    const absl::Status status =
        CheckPipeline(PipelineNumber{static_cast<uint64_t>(i) + 1});
    if (!status.ok()) return status;
  }
  return counts_ == expected_
             ? absl::OkStatus()
             : absl::InternalError("instances have not ended as they should");
}

void SimulatedYear::DoWhatIsDue() {
  core_->Advance(now_, kStepsMax, kStepsMax);
  for (size_t i = 0;
       i < kDeedsMax && !deeds_.empty() && deeds_.top().time <= now_; ++i) {
    const Deed deed = deeds_.top();
    deeds_.pop();
    Handle(EndAttempt{deed.task, deed.lease, deed.end, {"E", "boom", ""}});
  }
  for (; parked_ < kParkedMax; ++parked_) {
    Handle(Poll{{AccountId("account"), "wg"}, "host", absl::InfiniteFuture()});
  }
  Commit();
}

void SimulatedYear::Handle(const CommandBody& what) {
  ++figures_.events;
  core_->Handle({.call = CallId{++last_call_}, .now = now_}, what);
}

void SimulatedYear::Commit() {
  CoreOutput output = core_->TakeOutput();
  Store(output.pipelines);
  ++figures_.commits;
  figures_.live_max =
      std::max(figures_.live_max,
               static_cast<int64_t>(core_->planner().state().instances.size()));
  for (const Reply& reply : output.replies) {
    const auto* answer = std::get_if<PollAnswer>(&reply.body);
    if (answer == nullptr) continue;
    --parked_;
    if (answer->task.has_value()) Perform(*answer->task);
  }
  if (output.drafts.empty()) return;
  for (const Draft& draft : output.drafts) {
    Handle(PipelineCommand(Judge(draft)));
  }
  Commit();
}

void SimulatedYear::Store(const PipelineBatch& batch) {
  for (const Attempt& attempt : batch.attempts) {
    if (HasEnded(attempt.status)) {
      attempts_.erase(attempt.task);
      lost_.erase(attempt.task);
      ++figures_.attempts;
    } else {
      attempts_[attempt.task] = attempt.key;
    }
  }
  for (const Instance& instance : batch.instances) {
    if (!HasEnded(instance.status)) continue;
    ended_[0][instance.key] = {instance.status, instance.attempts};
    ++counts_[static_cast<size_t>(instance.key.component)]
             [Index(instance.status)];
    ++figures_.by_status[Index(instance.status)];
    ++figures_.instances;
    // Each interval was a deadline.
    if (!IsCheck(instance.key)) ++figures_.events;
  }
}

void SimulatedYear::Forget() { ended_[1] = std::exchange(ended_[0], {}); }

void SimulatedYear::Perform(const Task& task) {
  const AttemptKey key = attempts_.at(task.id);
  const uint64_t chance = Chance(key, 1);
  if (static_cast<int>(chance % 100) < options_.unacknowledged &&
      lost_.insert(task.id).second) {
    return;
  }
  const absl::Duration duration = absl::Seconds(20 + chance / 100 % 280);
  const Outcome outcome = OutcomeOf(key, IsCheck(key.instance));
  const LeaseId lease = task.state.lease.id;
  if (duration > absl::Minutes(1) || outcome == Outcome::kSilent) {
    Handle(ReportProgress{task.id, lease, ""});
  }
  if (outcome == Outcome::kSilent) return;
  deeds_.push({now_ + duration, task.id, lease,
               outcome == Outcome::kFinished ? AttemptEnd::kFinished
               : outcome == Outcome::kFalse  ? AttemptEnd::kFalse
                                             : AttemptEnd::kFailed});
}

uint64_t SimulatedYear::Chance(const AttemptKey& key, int what) const {
  const InstanceKey& instance = key.instance;
  uint64_t seed = static_cast<uint64_t>(instance.pipeline) * 100 +
                  static_cast<uint64_t>(instance.component);
  seed = Mix(seed) + static_cast<uint64_t>(absl::ToUnixSeconds(instance.start));
  return Mix(Mix(seed) + static_cast<uint64_t>(key.number) * 10 +
             static_cast<uint64_t>(what));
}

SimulatedYear::Outcome SimulatedYear::OutcomeOf(const AttemptKey& key,
                                                bool is_check) const {
  int chance = static_cast<int>(Chance(key, 2) % 100);
  chance -= options_.failing;
  if (chance < 0) return Outcome::kFailed;
  chance -= options_.silent;
  if (chance < 0) return Outcome::kSilent;
  chance -= options_.false_checks;
  return is_check && chance < 0 ? Outcome::kFalse : Outcome::kFinished;
}

// How an instance ends that is tried at all.
RunStatus SimulatedYear::EndOf(const InstanceKey& key, bool is_check) const {
  int failures = 0;
  for (int number = 1;; ++number) {
    const Outcome outcome = OutcomeOf({key, number}, is_check);
    if (outcome == Outcome::kFinished) return RunStatus::kFinished;
    if (outcome == Outcome::kFalse) continue;
    if (++failures > kRetries) return RunStatus::kFailed;
  }
}

absl::Status SimulatedYear::CheckPipeline(PipelineNumber number) {
  const Pipeline& pipeline = core_->planner().state().pipelines.at(number);
  if (pipeline.record.state != PipelineState::kFinished) {
    return absl::InternalError(
        absl::StrCat(pipeline.record.id, " has not finished"));
  }
  const absl::Time begin = *ParseFieldTime(kStart);
  for (int64_t hour = 0; hour < options_.hours; ++hour) {
    absl::Status status = CheckInterval(number, begin + absl::Hours(hour));
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// Counts how the instances of an interval should have ended.
absl::Status SimulatedYear::CheckInterval(PipelineNumber pipeline,
                                          absl::Time start) {
  const auto expect = [&](uint32_t component, RunStatus status) {
    ++expected_[component][Index(status)];
    return status == RunStatus::kFinished;
  };
  const auto end_of = [&](uint32_t component) {
    return EndOf({pipeline, start, ComponentNumber{component}}, false);
  };
  const RunStatus check = EndOf(
      {pipeline, start, ComponentNumber{kReady}, ComponentNumber{kSource}},
      true);
  expect(kReady, check);
  bool goes_on = expect(kSource, check);
  for (const uint32_t component :
       {kExtract, kRaw, kClean, kCleaned, kCount, kTrain, kLoad, kPublish}) {
    const bool is_node = component == kRaw || component == kCleaned;
    goes_on = expect(component, !goes_on  ? RunStatus::kCascadeFailed
                                : is_node ? RunStatus::kFinished
                                          : end_of(component));
  }
  return absl::OkStatus();
}

}  // namespace holdline
