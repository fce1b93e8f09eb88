#include "server/engine/engine.h"

#include <utility>

namespace holdline {

Engine::Engine(const EngineOptions& options, Diary* diary,
               EncodeTask encode_task, EngineObserver observer,
               std::function<Now()> clock)
    : inbox_(options.inbox_max),
      batch_max_(options.batch_max),
      judge_([this](DraftJudged judged, AccountId account) {
        Tell(PipelineCommand(std::move(judged)), std::move(account));
      }),
      loop_(
          options, diary, std::move(encode_task),
          [this](Draft draft) { judge_.Put(std::move(draft)); },
          std::move(observer)),
      clock_(std::move(clock)) {}

Engine::~Engine() { Stop(); }

absl::Status Engine::Start() {
  absl::Status status = loop_.Load(clock_());
  if (status.ok()) thread_ = std::thread([this] { Run(); });
  return status;
}

CallId Engine::Call(CommandBody body, ReplyCallback reply, AccountId account) {
  const CallId call{next_call_.fetch_add(1, std::memory_order_relaxed)};
  Command command{call, std::move(account), std::move(body), std::move(reply)};
  switch (inbox_.Put(command)) {
    case Inbox::Answer::kTaken:
      break;
    case Inbox::Answer::kFull:
      command.reply(absl::ResourceExhaustedError(
          "Too many calls of the account are queued. Try again later."));
      break;
    case Inbox::Answer::kClosed:
      command.reply(absl::UnavailableError("The broker is stopping."));
      break;
  }
  return call;
}

void Engine::Tell(CommandBody body, AccountId account) {
  Command command{CallId{}, std::move(account), std::move(body), nullptr};
  inbox_.Put(command);
}

void Engine::Stop() {
  if (!thread_.joinable()) return;
  Call(StopHolding{}, [](const ReplyBody&) {});
  inbox_.Close();
  thread_.join();
  judge_.Stop();
}

void Engine::Change(const EngineOptions& options) {
  absl::MutexLock lock(&mutex_);
  change_ = options;
}

void Engine::TakeChange() {
  absl::MutexLock lock(&mutex_);
  if (!change_.has_value()) return;
  loop_.Change(*change_);
  change_.reset();
}

void Engine::Run() {
  absl::Time due = absl::InfinitePast();
  while (!inbox_.Finished()) {
    int remaining = 0;
    std::vector<Command> commands =
        inbox_.Take(batch_max_, due - clock_().steady, &remaining);
    TakeChange();
    due = loop_.Step(std::move(commands), remaining, clock_());
  }
  loop_.Close();
}

}  // namespace holdline
