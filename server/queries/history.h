// The answering of queries from the store, on a thread and an archive of its
// own, so that a slow query never delays a task.

#ifndef HOLDLINE_SERVER_QUERIES_HISTORY_H_
#define HOLDLINE_SERVER_QUERIES_HISTORY_H_

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "server/broker/ids.h"
#include "server/store/archive.h"

namespace holdline {

// Thread-safe. An answer shows at least what was committed before the query.
// Accounts take turns; each may have a limited number of queries waiting.
class History {
 public:
  using TaskCallback =
      std::function<void(absl::StatusOr<std::optional<TaskHistory>>)>;
  // The marker of a page is the number of a task in its account.
  using PageCallback = std::function<void(absl::StatusOr<TaskPage>)>;

  // Starts the thread.
  explicit History(std::unique_ptr<Archive> archive);

  // Answers the waiting queries, and ends the thread.
  ~History();

  History(const History&) = delete;
  History& operator=(const History&) = delete;

  // Runs a query for an account. Calls exactly one of the two: `question` on
  // the thread of this object, or, before this returns, `refuse` with
  // RESOURCE_EXHAUSTED, if too many queries of the account wait.
  void Ask(const AccountId& account, std::function<void(Archive&)> question,
           std::function<void(absl::Status)> refuse);

  // Queries a task by its number in the account. `done` is called exactly once:
  // on the thread of this object, or, before this returns, with
  // RESOURCE_EXHAUSTED, if too many queries of the account wait.
  void Get(const AccountId& account, TaskNumber task, TaskCallback done);

  // Queries a page of tasks with numbers below `before`; the ids in the filter
  // are ignored. `done` as for Get.
  void List(TaskFilter filter, TaskNumber before, PageCallback done);

 private:
  using Question = std::function<void(Archive&)>;

  void Run();

  // Removes the oldest query of the account whose turn it is.
  Question Next() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::unique_ptr<Archive> archive_;
  absl::Mutex mutex_;

  // Waiting queries by account, oldest first; and these accounts, each once, in
  // the order of their turns.
  absl::flat_hash_map<AccountId, std::deque<Question>> questions_
      ABSL_GUARDED_BY(mutex_);
  std::deque<AccountId> turns_ ABSL_GUARDED_BY(mutex_);

  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_QUERIES_HISTORY_H_
