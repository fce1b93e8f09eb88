#include "server/queries/history.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"

namespace holdline {
namespace {

// The most questions of an account that wait; more are refused.
constexpr size_t kQuestionsMax = 1000;

absl::StatusOr<std::optional<TaskHistory>> FindTask(Archive& archive,
                                                    const AccountId& account,
                                                    TaskNumber task) {
  const absl::StatusOr<std::optional<AccountRecord>> record =
      archive.FindAccount(account);
  if (!record.ok()) return record.status();
  if (!record->has_value()) return std::nullopt;
  return archive.History(account, (*record)->IdOf(task));
}

// The tasks from before the account had numbers of its own stand elsewhere, and
// come on a page of theirs.
absl::StatusOr<TaskPage> ListTasks(Archive& archive, TaskFilter filter,
                                   TaskNumber before) {
  const absl::StatusOr<std::optional<AccountRecord>> found =
      archive.FindAccount(filter.account);
  if (!found.ok()) return found.status();
  if (!found->has_value()) return TaskPage();
  const AccountRecord& record = **found;
  const TaskNumber end = std::min(before, record.next);
  const bool are_own = end > record.first;
  const bool are_apart = record.ordinal > 0 && record.first > TaskNumber{1};
  filter.from =
      are_own ? record.IdOf(record.ordinal == 0 ? TaskNumber{1} : record.first)
              : TaskId{0};
  filter.before =
      are_own ? record.IdOf(end) : TaskId{static_cast<uint64_t>(end)};
  absl::StatusOr<TaskPage> page = archive.List(filter);
  if (page.ok() && are_own && are_apart && !page->next_before.has_value()) {
    page->next_before = record.IdOf(record.first);
  }
  return page;
}

}  // namespace

History::History(std::unique_ptr<Archive> archive)
    : archive_(std::move(archive)), thread_([this] { Run(); }) {}

History::~History() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

void History::Get(const AccountId& account, TaskNumber task,
                  TaskCallback done) {
  Ask(
      account,
      [account, task, done](Archive& archive) {
        done(FindTask(archive, account, task));
      },
      [done](absl::Status status) { done(std::move(status)); });
}

void History::List(TaskFilter filter, TaskNumber before, PageCallback done) {
  const AccountId account = filter.account;
  Ask(
      account,
      [filter = std::move(filter), before, done](Archive& archive) {
        done(ListTasks(archive, filter, before));
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
  refuse(absl::ResourceExhaustedError(absl::StrCat(
      "The limit of ", kQuestionsMax,
      " queued history queries of an account is reached. Try again later.")));
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
    question(*archive_);
  }
}

}  // namespace holdline
