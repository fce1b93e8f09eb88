#include "server/engine/history.h"

#include <utility>

namespace holdline {
namespace {

// The most questions that wait; more are refused.
constexpr size_t kQuestionsMax = 1000;

}  // namespace

History::History(Store* store) : store_(store), thread_([this] { Run(); }) {}

History::~History() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

void History::Get(AccountId account, TaskId task, TaskCallback done) {
  Ask([account = std::move(account), task,
       done](Store& store) { done(store.History(account, task)); },
      [done](absl::Status status) { done(std::move(status)); });
}

void History::List(TaskFilter filter, PageCallback done) {
  Ask([filter = std::move(filter),
       done](Store& store) { done(store.List(filter)); },
      [done](absl::Status status) { done(std::move(status)); });
}

void History::Ask(std::function<void(Store&)> question,
                  std::function<void(absl::Status)> refuse) {
  {
    absl::MutexLock lock(&mutex_);
    if (questions_.size() < kQuestionsMax) {
      questions_.push_back(std::move(question));
      return;
    }
  }
  refuse(absl::ResourceExhaustedError(
      "Too many questions about history are waiting. Try again later."));
}

void History::Run() {
  const auto has_work = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !questions_.empty();
  };
  while (true) {
    std::function<void(Store&)> question;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&has_work));
      if (questions_.empty()) return;
      question = std::move(questions_.front());
      questions_.pop_front();
    }
    question(*store_);
  }
}

}  // namespace holdline
