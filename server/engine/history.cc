#include "server/engine/history.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace holdline {
namespace {

// The most questions of an account that wait; more are refused.
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

void History::Get(const AccountId& account, TaskId task, TaskCallback done) {
  Ask(
      account,
      [account, task, done](Store& store) {
        done(store.History(account, task));
      },
      [done](absl::Status status) { done(std::move(status)); });
}

void History::List(TaskFilter filter, PageCallback done) {
  const AccountId account = filter.account;
  Ask(
      account,
      [filter = std::move(filter), done](Store& store) {
        done(store.List(filter));
      },
      [done](absl::Status status) { done(std::move(status)); });
}

void History::Ask(const AccountId& account, Question question,
                  std::function<void(absl::Status)> refuse) {
  {
    absl::MutexLock lock(&mutex_);
    std::deque<Question>& waiting = questions_[account];
    if (waiting.size() < kQuestionsMax) {
      if (waiting.empty()) turns_.push_back(account);
      waiting.push_back(std::move(question));
      return;
    }
  }
  refuse(absl::ResourceExhaustedError(
      absl::StrCat("The limit of ", kQuestionsMax,
                   " questions of an account about history that wait is "
                   "reached. Try again later.")));
}

History::Question History::Next() {
  const AccountId account = std::move(turns_.front());
  turns_.pop_front();
  const auto waiting = questions_.find(account);
  Question question = std::move(waiting->second.front());
  waiting->second.pop_front();
  if (waiting->second.empty()) {
    questions_.erase(waiting);
  } else {
    turns_.push_back(account);
  }
  return question;
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
      question = Next();
    }
    question(*store_);
  }
}

}  // namespace holdline
