// The diary: what the broker has promised, on disk.

#ifndef HOLDLINE_SERVER_STORE_STORE_H_
#define HOLDLINE_SERVER_STORE_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/broker/batch.h"
#include "server/broker/ids.h"
#include "server/broker/state.h"
#include "server/broker/task.h"
#include "server/pipeline/model/batch.h"
#include "server/store/pipeline_store.h"

namespace holdline {

// A task with what is only told to those who ask.
struct TaskHistory {
  Task task;
  std::string payload;

  // The attempts that failed, oldest first.
  std::vector<EndedAttempt> ended_attempts;
};

// Which tasks to list. Waiting tasks count as delayed or ready by `now`.
struct TaskFilter {
  AccountId account;

  // Only this worker group, if given.
  std::optional<std::string> worker_group;

  // Only tasks in one of these conditions; all false is the same as all true.
  bool delayed = false;
  bool ready = false;
  bool leased = false;
  bool finished = false;
  bool failed = false;
  bool canceled = false;

  // Tells the delayed from the ready.
  absl::Time now;

  // Only tasks with a smaller id, and with this or a greater one.
  TaskId before{UINT64_MAX};
  TaskId from{0};

  // The most tasks to return; at least 1.
  int limit = 100;
};

struct TaskPage {
  // Newest first.
  std::vector<Task> tasks;

  // Where to go on, if there may be more: a page may be short, because the work
  // for one page is bounded too.
  std::optional<TaskId> next_before;
};

// What is so old that it may be forgotten; by default nothing is.
struct EndedBefore {
  absl::Time tasks = absl::InfinitePast();

  // Instances of pipelines, with their attempts.
  absl::Time runs = absl::InfinitePast();
};

// How much room a store takes on disk.
struct StoreSpace {
  int64_t bytes = 0;

  // Of them, those that wait for what is stored next.
  int64_t free_bytes = 0;

  // Whether a further Shrink would give some back.
  bool shrinks = false;
};

// Keeps the rows of the broker and of pipelines, and history that memory has
// forgotten.
//
// Threads: Load, Commit, ReadTask, ReadPayload, Trim, Shrink, Secret and Check
// are called by one thread, and so are those of PipelineStore that are for it.
// FindAccount, History, List and the other questions of PipelineStore may be
// asked by one other thread at the same time; they see what was committed
// before the call.
//
// Errors: UNAVAILABLE if the store cannot be used now (disk full, I/O error,
// locked), with what to do about it in words; it may be tried again. DATA_LOSS
// if what is stored cannot be read as what was written. Neither names a secret.
//
// Time: kept to the microsecond, infinity included. Callers give whole
// microseconds within 290,000 years of 1970; a finer part may be lost.
class Store : public PipelineStore {
 public:
  // Returns the state as of the last commit: the live tasks, settings and
  // counters. Ends whatever an earlier Commit left unfinished, so it is also
  // the way back after any error.
  virtual absl::StatusOr<State> Load() = 0;

  // Stores all of both batches or nothing, and returns OK only when it would
  // survive a loss of power. After an error it is unknown which of the two
  // happened: the caller must Load before it commits again.
  //
  // The counters of `tasks` are always stored, those of `pipelines` if it has
  // rows. A pipeline that was deleted by an earlier commit must have no row.
  //
  // DATA_LOSS, with nothing stored, if they do not fit what is stored: a new
  // task whose id is taken, a changed task that does not exist, a pipeline
  // whose public id is another's.
  virtual absl::Status Commit(const Batch& tasks,
                              const PipelineBatch& pipelines) = 0;

  // Returns a task, live or ended, or nothing if there is none or it was
  // trimmed.
  virtual absl::StatusOr<std::optional<Task>> ReadTask(TaskId id) = 0;

  // Returns what was submitted with a task. NOT_FOUND if there is no such task.
  virtual absl::StatusOr<std::string> ReadPayload(TaskId id) = 0;

  // Deletes tasks and instances that ended before `ended_before`, with all that
  // belongs to them, and what deleted pipelines have left behind: at most
  // `limit` in all. Returns how many. A result of `limit` says that there may
  // be more.
  virtual absl::StatusOr<int> Trim(const EndedBefore& ended_before,
                                   int limit) = 0;

  // Gives a little of the room that trimming has freed back to the disk, if
  // more is free than is soon needed: at most so much that a commit is not held
  // up.
  virtual absl::StatusOr<StoreSpace> Shrink() = 0;

  // Returns the store's own secret of 32 random bytes, made at its creation,
  // with which task ids are signed. It is the same for the life of the store.
  virtual absl::StatusOr<std::string> Secret() = 0;

  // Returns an error if what was acknowledged might not survive a restart, as
  // when its files were deleted; Load is the way back. Cheap.
  virtual absl::Status Check() = 0;

  // Returns how the tasks of an account are numbered, or nothing if it never
  // had any.
  virtual absl::StatusOr<std::optional<AccountRecord>> FindAccount(
      const AccountId& account) = 0;

  // Returns a task of the account with its payload and attempts, or nothing.
  virtual absl::StatusOr<std::optional<TaskHistory>> History(
      const AccountId& account, TaskId id) = 0;

  // Returns a page of tasks.
  virtual absl::StatusOr<TaskPage> List(const TaskFilter& filter) = 0;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_STORE_H_
