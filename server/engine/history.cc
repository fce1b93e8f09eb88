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
  Ask({[this, account = std::move(account), task, done] {
         done(store_->History(account, task));
       },
       [done](absl::Status status) { done(std::move(status)); }});
}

void History::List(TaskFilter filter, PageCallback done) {
  Ask({[this, filter = std::move(filter), done] { done(store_->List(filter)); },
       [done](absl::Status status) { done(std::move(status)); }});
}

void History::Ask(Question question) {
  {
    absl::MutexLock lock(&mutex_);
    if (questions_.size() < kQuestionsMax) {
      questions_.push_back(std::move(question));
      return;
    }
  }
  question.refuse(absl::ResourceExhaustedError(
      "Too many questions about tasks are waiting. Try again later."));
}

void History::Run() {
  const auto has_work = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !questions_.empty();
  };
  while (true) {
    Question question;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(&has_work));
      if (questions_.empty()) return;
      question = std::move(questions_.front());
      questions_.pop_front();
    }
    question.answer();
  }
}

}  // namespace holdline
