// Answers questions about what is committed, on a thread and a store connection
// of its own, so that a slow question never delays a task.

#ifndef HOLDLINE_SERVER_ENGINE_HISTORY_H_
#define HOLDLINE_SERVER_ENGINE_HISTORY_H_

#include <deque>
#include <functional>
#include <optional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "server/broker/ids.h"
#include "server/store/store.h"

namespace holdline {

// Thread-safe. An answer shows at least what was committed before the question
// was asked.
class History {
 public:
  using TaskCallback =
      std::function<void(absl::StatusOr<std::optional<TaskHistory>>)>;
  using PageCallback = std::function<void(absl::StatusOr<TaskPage>)>;

  // The store is not owned and must outlive this. Starts the thread.
  explicit History(Store* store);

  // Answers what is waiting, and ends the thread.
  ~History();

  History(const History&) = delete;
  History& operator=(const History&) = delete;

  // Asks whatever may be asked of the store by the thread for history. Calls
  // exactly one of the two: `question` on this object's thread, or `refuse`
  // before this returns, with RESOURCE_EXHAUSTED, if too many questions wait.
  void Ask(std::function<void(Store&)> question,
           std::function<void(absl::Status)> refuse);

  // Asks for one task. `done` is called exactly once: on this object's thread,
  // or before this returns, with RESOURCE_EXHAUSTED, if too many questions
  // wait.
  void Get(AccountId account, TaskId task, TaskCallback done);

  // Asks for a page of tasks; `done` as for Get.
  void List(TaskFilter filter, PageCallback done);

 private:
  void Run();

  Store* const store_;
  absl::Mutex mutex_;
  std::deque<std::function<void(Store&)>> questions_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_ENGINE_HISTORY_H_
