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

// How often ended tasks are looked for, how many are deleted at a time, and the
// wait before the next ones: live work goes on in between.
constexpr absl::Duration kTrimInterval = absl::Minutes(1);
constexpr int kTrimmedPerTurn = 500;
constexpr absl::Duration kTrimPause = absl::Milliseconds(20);

absl::Status Unavailable(const absl::Status& cause) {
  return absl::UnavailableError(absl::StrCat(
      "The store cannot be used now: ",
      std::string(cause.message().data(), cause.message().size())));
}

}  // namespace

Loop::Loop(const EngineOptions& options, Store* store, EngineObserver observer)
    : options_(options),
      store_(store),
      observer_(std::move(observer)),
      payloads_(options.payload_cache_bytes),
      retry_wait_(options.store_retry_min) {}

absl::Status Loop::Load(absl::Time now) {
  absl::StatusOr<State> state = store_->Load();
  if (!state.ok()) {
    GiveUp(state.status(), now);
    return state.status();
  }
  broker_.emplace(options_.broker, *std::move(state), now);
  retry_wait_ = options_.store_retry_min;
  trim_at_ = now;
  return absl::OkStatus();
}

absl::Time Loop::Step(std::vector<Incoming> incoming, int inbox_depth,
                      absl::Time now) {
  if (!broker_.has_value()) return StepWithoutStore(std::move(incoming), now);
  const TurnFacts facts{static_cast<int>(incoming.size()), inbox_depth, {}};
  broker_->Advance(now, kDeadlinesPerTurn);
  absl::Status status = absl::OkStatus();
  for (Incoming& command : incoming) {
    if (status.ok()) {
      status = Handle(std::move(command), now);
    } else if (command.reply) {
      callbacks_.emplace(command.command.call, std::move(command.reply));
    }
  }
  if (!status.ok()) return GiveUp(status, now);
  if (broker_->HasOutput()) {
    Output output = broker_->TakeOutput();
    status = Commit(output.batch, facts, now);
    if (!status.ok()) return GiveUp(status, now);
    Publish(std::move(output.replies));
  }
  status = TrimHistory(now);
  if (!status.ok()) return GiveUp(status, now);
  return std::min(broker_->NextDeadline(), trim_at_);
}

absl::Time Loop::StepWithoutStore(std::vector<Incoming> incoming,
                                  absl::Time now) {
  if (now >= retry_at_ && Load(now).ok()) {
    if (observer_.on_store_status) observer_.on_store_status(absl::OkStatus());
    return Step(std::move(incoming), 0, now);
  }
  for (Incoming& command : incoming) {
    if (command.reply) command.reply(Unavailable(failure_));
  }
  return retry_at_;
}

absl::Status Loop::Handle(Incoming incoming, absl::Time now) {
  const Command& command = incoming.command;
  if (incoming.reply) {
    callbacks_.emplace(command.call, std::move(incoming.reply));
  }
  const std::optional<TaskId> needed = broker_->RecordNeeded(command.what);
  if (!needed.has_value()) {
    broker_->Handle(command, nullptr, now);
    return absl::OkStatus();
  }
  absl::StatusOr<std::optional<Task>> record = store_->ReadTask(*needed);
  if (!record.ok()) return record.status();
  broker_->Handle(command, record->has_value() ? &**record : nullptr, now);
  return absl::OkStatus();
}

absl::Status Loop::Commit(Batch& batch, const TurnFacts& facts,
                          absl::Time now) {
  if (batch.empty()) return absl::OkStatus();
  const auto start = std::chrono::steady_clock::now();
  absl::Status status = store_->Commit(batch, PipelineBatch());
  if (!status.ok()) return status;
  if (observer_.on_committed) {
    TurnFacts measured = facts;
    measured.commit_time =
        absl::FromChrono(std::chrono::steady_clock::now() - start);
    observer_.on_committed(batch, measured, now);
  }
  for (NewTask& task : batch.new_tasks) {
    payloads_.Put(task.id, std::move(task.payload));
  }
  return absl::OkStatus();
}

// Runners first: a submitter that hears of its task a little later loses less
// than a runner that stands idle.
void Loop::Publish(std::vector<Reply> replies) {
  std::stable_partition(replies.begin(), replies.end(), [](const Reply& reply) {
    return std::holds_alternative<PollAnswer>(reply.what);
  });
  for (Reply& reply : replies) {
    auto it = callbacks_.find(reply.call);
    if (it == callbacks_.end()) continue;
    AttachPayload(reply.what);
    ReplyCallback callback = std::move(it->second);
    callbacks_.erase(it);
    callback(std::move(reply.what));
  }
}

void Loop::AttachPayload(ReplyBody& reply) {
  auto* answer = std::get_if<PollAnswer>(&reply);
  if (answer == nullptr || !answer->task.has_value()) return;
  answer->payload = payloads_.Take(answer->task->id);
  if (answer->payload != nullptr) return;
  absl::StatusOr<std::string> payload = store_->ReadPayload(answer->task->id);
  if (payload.ok()) {
    answer->payload = std::make_shared<const std::string>(*std::move(payload));
  } else {
    // The acknowledgement deadline will offer the task again.
    reply = Unavailable(payload.status());
  }
}

absl::Status Loop::TrimHistory(absl::Time now) {
  if (now < trim_at_) return absl::OkStatus();
  absl::StatusOr<int> trimmed =
      store_->Trim({.tasks = now - options_.history_retention,
                    .runs = now - options_.pipeline_history_retention},
                   kTrimmedPerTurn);
  if (!trimmed.ok()) return trimmed.status();
  trim_at_ = now + (*trimmed < kTrimmedPerTurn ? kTrimInterval : kTrimPause);
  return absl::OkStatus();
}

absl::Time Loop::GiveUp(absl::Status status, absl::Time now) {
  broker_.reset();
  failure_ = std::move(status);
  if (observer_.on_store_status) observer_.on_store_status(failure_);
  auto callbacks = std::exchange(callbacks_, {});
  for (auto& [call, callback] : callbacks) callback(Unavailable(failure_));
  retry_at_ = now + retry_wait_;
  retry_wait_ = std::min(2 * retry_wait_, options_.store_retry_max);
  return retry_at_;
}

}  // namespace holdline
