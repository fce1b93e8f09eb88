#include "server/engine/loop.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"

namespace holdline {
namespace {

// The most deadlines that one turn serves, so that a heap of them delays no
// command for long.
constexpr int kDeadlinesPerTurn = 1000;

// The same of pipelines. Few, since each may write several rows: a backfill
// goes on for as many turns as it takes, between those of others.
constexpr int kPipelineStepsPerTurn = 8;

// How often ended tasks are looked for, how many are deleted at a time, and the
// wait before the next ones: live work goes on in between.
constexpr absl::Duration kTrimInterval = absl::Minutes(1);
constexpr int kTrimmedPerTurn = 500;
constexpr absl::Duration kTrimPause = absl::Milliseconds(20);

// How often the store is asked whether it is still whole. What was acknowledged
// so long before a fault and its end may be lost.
constexpr absl::Duration kCheckInterval = absl::Seconds(1);

// The longest wait between two turns, and from how long on it is a gap.
constexpr absl::Duration kTurnInterval = absl::Milliseconds(250);
constexpr absl::Duration kGapMin = absl::Seconds(1);

absl::Status Unavailable(const absl::Status& cause) {
  return absl::UnavailableError(absl::StrCat(
      "The store cannot be used now: ",
      std::string(cause.message().data(), cause.message().size())));
}

}  // namespace

Loop::Loop(const EngineOptions& options, Diary* diary, EncodeTask encode_task,
           JudgeDraft judge, EngineObserver observer)
    : options_(options),
      diary_(diary),
      encode_task_(std::move(encode_task)),
      judge_(std::move(judge)),
      observer_(std::move(observer)),
      payloads_(options.payload_cache_bytes),
      retry_wait_(options.store_retry_min) {}

absl::Status Loop::Load(const Now& now) {
  last_ = now;
  read_status_ = absl::OkStatus();
  absl::StatusOr<State> state = diary_->Load();
  absl::StatusOr<PipelineRows> rows =
      state.ok() ? diary_->LoadPipelines() : state.status();
  absl::Status status = rows.status();
  if (status.ok()) {
    core_.emplace(CoreOptions{options_.broker, options_.planner},
                  *std::move(state), *std::move(rows), Surroundings(), now);
    status = read_status_;
  }
  if (!status.ok()) {
    GiveUp(status, now);
    return status;
  }
  retry_wait_ = options_.store_retry_min;
  trim_at_ = now.steady;
  if (observer_.on_notification) {
    for (const auto& [number, notification] :
         core_->planner().state().notifications) {
      observer_.on_notification(notification);
    }
  }
  return absl::OkStatus();
}

void Loop::Change(const EngineOptions& options) {
  options_.broker = options.broker;
  options_.history_retention = options.history_retention;
  options_.pipeline_history_retention = options.pipeline_history_retention;
  if (core_.has_value()) core_->SetOptions(options_.broker);
}

PlannerSurroundings Loop::Surroundings() {
  PlannerSurroundings surroundings;
  surroundings.encode = encode_task_;
  surroundings.read =
      [this](const InstanceKey& key) -> std::optional<Instance> {
    absl::StatusOr<std::optional<Instance>> read = diary_->ReadInstance(key);
    if (read.ok()) return *std::move(read);
    read_status_.Update(read.status());
    return std::nullopt;
  };
  surroundings.was_deleted = [this](const AccountId& account,
                                    const std::string& id) {
    const absl::StatusOr<bool> read = diary_->WasDeleted(account, id);
    if (!read.ok()) read_status_.Update(read.status());
    return read.ok() && *read;
  };
  return surroundings;
}

absl::Time Loop::Step(std::vector<Command> commands, int inbox_depth,
                      const Now& now) {
  if (!core_.has_value()) return StepWithoutStore(std::move(commands), now);
  const TurnFacts facts{static_cast<int>(commands.size()), inbox_depth, {}};
  NoticeGap(now);
  core_->Advance(now, kDeadlinesPerTurn, kPipelineStepsPerTurn);
  absl::Status status = read_status_;
  for (Command& command : commands) {
    if (status.ok()) {
      status = Handle(command, now);
    } else {
      Remember(command);
    }
  }
  if (!status.ok()) return GiveUp(status, now);
  if (core_->HasOutput()) {
    CoreOutput output = core_->TakeOutput();
    status = Commit(output, facts, now.calendar);
    if (!status.ok()) return GiveUp(status, now);
    for (Draft& draft : output.drafts) judge_(std::move(draft));
    Publish(std::move(output));
  }
  status = TrimHistory(now);
  if (status.ok()) status = CheckStore(now);
  if (!status.ok()) return GiveUp(status, now);
  return std::min(
      {core_->NextDeadline(), trim_at_, check_at_, now.steady + kTurnInterval});
}

void Loop::NoticeGap(const Now& now) {
  const absl::Duration stall = now.steady - last_.steady;
  const absl::Duration step = now.calendar - last_.CalendarAt(now.steady);
  last_ = now;
  if (stall < kGapMin && absl::AbsDuration(step) < kGapMin) return;
  // A calendar that was set back tells of no time in which nobody was heard.
  const absl::Duration gap = std::max(stall, step);
  if (gap >= kGapMin) core_->GiveGrace(now, gap);
  if (observer_.on_gap) observer_.on_gap({.stall = stall, .step = step});
}

absl::Time Loop::StepWithoutStore(std::vector<Command> commands,
                                  const Now& now) {
  if (now.steady >= retry_at_ && Load(now).ok()) {
    if (observer_.on_store_status) observer_.on_store_status(absl::OkStatus());
    return Step(std::move(commands), 0, now);
  }
  for (const Command& command : commands) {
    if (command.reply) command.reply(Unavailable(failure_));
  }
  return retry_at_;
}

void Loop::Remember(Command& command) {
  if (command.reply) {
    callbacks_.emplace(command.call, std::move(command.reply));
  }
}

absl::Status Loop::Handle(Command& command, const Now& now) {
  Remember(command);
  const std::optional<TaskId> needed = core_->RecordNeeded(command.body);
  std::optional<Task> record;
  if (needed.has_value()) {
    absl::StatusOr<std::optional<Task>> read = diary_->ReadTask(*needed);
    if (!read.ok()) return read.status();
    record = *std::move(read);
  }
  core_->Handle({.call = command.call,
                 .now = now,
                 .record = record.has_value() ? &*record : nullptr},
                std::move(command.body));
  return read_status_;
}

absl::Status Loop::Commit(CoreOutput& output, const TurnFacts& facts,
                          absl::Time now) {
  if (output.tasks.empty() && output.pipelines.empty()) return absl::OkStatus();
  const auto start = std::chrono::steady_clock::now();
  absl::Status status = diary_->Commit(output.tasks, output.pipelines);
  if (!status.ok()) return status;
  if (observer_.on_committed) {
    TurnFacts measured = facts;
    measured.commit_time =
        absl::FromChrono(std::chrono::steady_clock::now() - start);
    observer_.on_committed(output.tasks, output.pipelines, measured, now);
  }
  if (observer_.on_notification) {
    for (const Notification& notification : output.pipelines.notifications) {
      observer_.on_notification(notification);
    }
  }
  for (NewTask& task : output.tasks.new_tasks) {
    payloads_.Put(task.id, std::move(task.payload));
  }
  // Those that ended without a hand-out are not asked for any more.
  for (const ChangedTask& task : output.tasks.changed_tasks) {
    if (IsFinal(task.state.phase)) payloads_.Take(task.id);
  }
  return absl::OkStatus();
}

// Runners first: a submitter that hears of its task a little later loses less
// than a runner that stands idle.
void Loop::Publish(CoreOutput output) {
  std::stable_partition(output.replies.begin(), output.replies.end(),
                        [](const Reply& reply) {
                          return std::holds_alternative<PollAnswer>(reply.body);
                        });
  for (Reply& reply : output.replies) {
    auto it = callbacks_.find(reply.call);
    if (it == callbacks_.end()) continue;
    AttachPayload(reply.body);
    ReplyCallback callback = std::move(it->second);
    callbacks_.erase(it);
    callback(std::move(reply.body));
  }
}

void Loop::AttachPayload(ReplyBody& reply) {
  auto* answer = std::get_if<PollAnswer>(&reply);
  if (answer == nullptr || !answer->task.has_value()) return;
  answer->payload = payloads_.Take(answer->task->id);
  if (answer->payload != nullptr) return;
  absl::StatusOr<std::string> payload = diary_->ReadPayload(answer->task->id);
  if (payload.ok()) {
    answer->payload = std::make_shared<const std::string>(*std::move(payload));
  } else {
    // The acknowledgement deadline will offer the task again.
    reply = Unavailable(payload.status());
  }
}

absl::Status Loop::TrimHistory(const Now& now) {
  if (now.steady < trim_at_) return absl::OkStatus();
  const absl::Time date = retention_calendar_.At(now);
  absl::StatusOr<int> trimmed =
      diary_->Trim({.tasks = date - options_.history_retention,
                    .runs = date - options_.pipeline_history_retention},
                   kTrimmedPerTurn);
  if (!trimmed.ok()) return trimmed.status();
  bool goes_on = *trimmed == kTrimmedPerTurn;
  if (!goes_on) {
    const absl::StatusOr<StoreSpace> space = diary_->Shrink();
    if (!space.ok()) return space.status();
    if (observer_.on_store_space) observer_.on_store_space(*space);
    goes_on = space->shrinks;
  }
  trim_at_ = now.steady + (goes_on ? kTrimPause : kTrimInterval);
  return absl::OkStatus();
}

absl::Status Loop::CheckStore(const Now& now) {
  if (now.steady < check_at_) return absl::OkStatus();
  check_at_ = now.steady + kCheckInterval;
  return diary_->Check();
}

void Loop::Close() {
  for (auto& [call, callback] : std::exchange(callbacks_, {})) {
    callback(absl::UnavailableError("The broker is stopping."));
  }
}

absl::Time Loop::GiveUp(absl::Status status, const Now& now) {
  core_.reset();
  failure_ = std::move(status);
  if (observer_.on_store_status) observer_.on_store_status(failure_);
  auto callbacks = std::exchange(callbacks_, {});
  for (auto& [call, callback] : callbacks) callback(Unavailable(failure_));
  retry_at_ = now.steady + retry_wait_;
  retry_wait_ = std::min(2 * retry_wait_, options_.store_retry_max);
  return retry_at_;
}

}  // namespace holdline
