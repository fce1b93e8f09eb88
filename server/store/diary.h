// The diary: what the broker and the planner have promised, on disk, for the
// one thread that promises.

#ifndef HOLDLINE_SERVER_STORE_DIARY_H_
#define HOLDLINE_SERVER_STORE_DIARY_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/broker/batch.h"
#include "server/broker/ids.h"
#include "server/broker/state.h"
#include "server/broker/task.h"
#include "server/pipeline/model/batch.h"
#include "server/pipeline/model/ids.h"
#include "server/pipeline/model/instance.h"

namespace holdline {

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

// The writing half of a store, and what its writer reads: everything stands as
// of the last commit. For one thread; store.h has errors and time.
class Diary {
 public:
  virtual ~Diary() = default;

  // Returns the state: the live tasks, settings and counters. Ends whatever an
  // earlier Commit left unfinished, so it is also the way back after any error.
  virtual absl::StatusOr<State> Load() = 0;

  // Returns what a restart needs of pipelines.
  virtual absl::StatusOr<PipelineRows> LoadPipelines() = 0;

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

  // Returns an instance, live or ended, or nothing if there is none, it was
  // trimmed, or its pipeline was deleted.
  virtual absl::StatusOr<std::optional<Instance>> ReadInstance(
      const InstanceKey& key) = 0;

  // Returns whether the account had a pipeline of this public id that was
  // deleted.
  virtual absl::StatusOr<bool> WasDeleted(const AccountId& account,
                                          const std::string& id) = 0;

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
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_DIARY_H_
