// The diary: the writing half of a store, used by the engine's loop.

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

// The end times before which history may be deleted; by default none is.
struct EndedBefore {
  absl::Time tasks = absl::InfinitePast();

  // Instances of pipelines, with their attempts.
  absl::Time runs = absl::InfinitePast();
};

// The space that a store takes on disk, in bytes.
struct StoreSpace {
  int64_t bytes = 0;

  // The part of `bytes` that is unused and will be reused.
  int64_t free_bytes = 0;

  // Whether a further Shrink would return some to the file system.
  bool shrinks = false;
};

// The writing half of a store, and the reads of its writer, which reflect the
// last commit. For one thread. Errors and the range of times are described in
// store.h.
class Diary {
 public:
  virtual ~Diary() = default;

  // Returns the state: the live tasks, settings and counters. Rolls back
  // whatever an earlier Commit left unfinished, so it is also the recovery from
  // any error.
  virtual absl::StatusOr<State> Load() = 0;

  // Returns the rows of pipelines that a restart needs.
  virtual absl::StatusOr<PipelineRows> LoadPipelines() = 0;

  // Stores both batches in one transaction, and returns OK only once it would
  // survive a loss of power. After an error it is unknown whether they were
  // stored: the caller must Load before it commits again.
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

  // Returns the payload of a task. NOT_FOUND if there is no such task.
  virtual absl::StatusOr<std::string> ReadPayload(TaskId id) = 0;

  // Returns an instance, live or ended, or nothing if there is none, it was
  // trimmed, or its pipeline was deleted.
  virtual absl::StatusOr<std::optional<Instance>> ReadInstance(
      const InstanceKey& key) = 0;

  // Returns whether the account had a pipeline of this public id that was
  // deleted.
  virtual absl::StatusOr<bool> WasDeleted(const AccountId& account,
                                          const std::string& id) = 0;

  // Deletes tasks and instances that ended before `ended_before`, with their
  // attempts, and rows left of deleted pipelines: at most `limit` in total.
  // Returns how many. If that is `limit` there may be more.
  virtual absl::StatusOr<int> Trim(const EndedBefore& ended_before,
                                   int limit) = 0;

  // Returns a part of the space that Trim has freed to the file system, if more
  // is free than is soon needed: little enough not to delay the next commit.
  // Returns the space that is taken then.
  virtual absl::StatusOr<StoreSpace> Shrink() = 0;

  // Returns the secret of the store: 32 random bytes, made at its creation and
  // never changed, from which the key of task ids is derived.
  virtual absl::StatusOr<std::string> Secret() = 0;

  // Returns an error if committed data might not survive a restart, as when the
  // files were deleted; the caller must then Load. Costs a few system calls.
  virtual absl::Status Check() = 0;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_DIARY_H_
