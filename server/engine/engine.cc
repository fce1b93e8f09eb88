#include "server/engine/engine.h"

#include <utility>

namespace holdline {

Engine::Engine(const EngineOptions& options, Diary* diary,
               EngineObserver observer)
    : inbox_(options.inbox_max),
      batch_max_(options.batch_max),
      loop_(options, diary, std::move(observer)),
      clock_(options.clock) {}

Engine::~Engine() { Stop(); }

absl::Status Engine::Start() {
  absl::Status status = loop_.Load(clock_());
  if (status.ok()) thread_ = std::thread([this] { Run(); });
  return status;
}

CallId Engine::NextCall() {
  return CallId{next_call_.fetch_add(1, std::memory_order_relaxed)};
}

CallId Engine::Call(CommandBody what, ReplyCallback reply, AccountId account) {
  const CallId call = NextCall();
  Hand(Asked<CommandBody, ReplyCallback>{call, std::move(what),
                                         std::move(reply), std::move(account)});
  return call;
}

void Engine::Call(PipelineCommand what, PipelineReplyCallback reply,
                  AccountId account) {
  Hand(Asked<PipelineCommand, PipelineReplyCallback>{
      NextCall(), std::move(what), std::move(reply), std::move(account)});
}

void Engine::Hand(Incoming incoming) {
  switch (inbox_.Put(incoming)) {
    case Inbox::Answer::kTaken:
      break;
    case Inbox::Answer::kFull:
      Refuse(incoming,
             absl::ResourceExhaustedError(
                 "Too many calls of the account are waiting to be handled. Try "
                 "again later."));
      break;
    case Inbox::Answer::kClosed:
      Refuse(incoming, absl::UnavailableError("The broker is stopping."));
      break;
  }
}

void Engine::Tell(CommandBody what, AccountId account) {
  Incoming incoming = Asked<CommandBody, ReplyCallback>{
      CallId{}, std::move(what), nullptr, std::move(account)};
  inbox_.Put(incoming);
}

void Engine::Stop() {
  if (!thread_.joinable()) return;
  Call(StopHolding{}, [](const ReplyBody&) {});
  inbox_.Close();
  thread_.join();
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
    std::vector<Incoming> incoming =
        inbox_.Take(batch_max_, due - clock_().steady, &remaining);
    TakeChange();
    due = loop_.Step(std::move(incoming), remaining, clock_());
  }
}

}  // namespace holdline
