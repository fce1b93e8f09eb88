// Answers questions about what is committed, on a thread and an archive of its
// own, so that a slow question never delays a task.

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

// Thread-safe. An answer shows at least what was committed before the question
// was asked. Accounts take turns, and each has so many places to wait in.
class History {
 public:
  using TaskCallback =
      std::function<void(absl::StatusOr<std::optional<TaskHistory>>)>;
  // Where a page goes on is the number of a task in its account.
  using PageCallback = std::function<void(absl::StatusOr<TaskPage>)>;

  // Starts the thread.
  explicit History(std::unique_ptr<Archive> archive);

  // Answers what is waiting, and ends the thread.
  ~History();

  History(const History&) = delete;
  History& operator=(const History&) = delete;

  // Asks, for an account, whatever may be asked of an archive. Calls exactly
  // one of the two: `question` on this object's thread, or `refuse` before this
  // returns, with RESOURCE_EXHAUSTED, if too many questions of the account
  // wait.
  void Ask(const AccountId& account, std::function<void(Archive&)> question,
           std::function<void(absl::Status)> refuse);

  // Asks for one task by its number in the account. `done` is called exactly
  // once: on this object's thread, or before this returns, with
  // RESOURCE_EXHAUSTED, if too many questions of the account wait.
  void Get(const AccountId& account, TaskNumber task, TaskCallback done);

  // Asks for a page of tasks whose numbers are below `before`; of the filter's
  // ids nothing is looked at. `done` as for Get.
  void List(TaskFilter filter, TaskNumber before, PageCallback done);

 private:
  using Question = std::function<void(Archive&)>;

  void Run();

  // Takes the oldest question of the account whose turn it is.
  Question Next() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::unique_ptr<Archive> archive_;
  absl::Mutex mutex_;

  // Of each account that has questions waiting, oldest first; and these
  // accounts, each once, in the order of their turns.
  absl::flat_hash_map<AccountId, std::deque<Question>> questions_
      ABSL_GUARDED_BY(mutex_);
  std::deque<AccountId> turns_ ABSL_GUARDED_BY(mutex_);

  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_QUERIES_HISTORY_H_
