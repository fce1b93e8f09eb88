// The archive: the read-only half of a store, for queries.

#ifndef HOLDLINE_SERVER_STORE_ARCHIVE_H_
#define HOLDLINE_SERVER_STORE_ARCHIVE_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/broker/account_record.h"
#include "server/broker/ids.h"
#include "server/broker/task.h"
#include "server/broker/task_history.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/model/ids.h"
#include "server/pipeline/model/instance.h"
#include "server/pipeline/model/record.h"

namespace holdline {

// The selection of tasks for List. Waiting tasks count as delayed or ready by
// `now`.
struct TaskFilter {
  AccountId account;

  // Only this worker group, if given.
  std::optional<std::string> worker_group;

  // Only tasks that have all of these.
  Labels labels;

  // Only tasks in one of these conditions; all false is the same as all true.
  bool delayed = false;
  bool ready = false;
  bool leased = false;
  bool finished = false;
  bool failed = false;
  bool canceled = false;

  // The calendar time that distinguishes delayed from ready.
  absl::Time now;

  // Only tasks with from <= id < before.
  TaskId before{UINT64_MAX};
  TaskId from{0};

  // The most tasks to return; at least 1.
  int limit = 100;
};

struct TaskPage {
  // Newest first.
  std::vector<Task> tasks;

  // The `before` of the next page; absent if there is none. A page may have
  // fewer than `limit` tasks and yet not be the last, because the rows examined
  // for one page are bounded.
  std::optional<TaskId> next_before;
};

// The time from one instant to another, both included.
struct TimeRange {
  absl::Time from = absl::InfinitePast();
  absl::Time to = absl::InfiniteFuture();

  bool Contains(absl::Time time) const { return from <= time && time <= to; }
};

// The selection of a pipeline's instances or attempts: those that match all
// members (DATAPIPELINE section 3.11).
struct RunFilter {
  PipelineNumber pipeline{};

  // The interval of the instance: @scheduledStartTime, @scheduledEndTime.
  TimeRange start;
  TimeRange end;

  // @actualStartTime: `created_at` of an instance, `ready_at` of an attempt.
  TimeRange created;

  // @actualEndTime. What has not ended has the end time infinite future.
  TimeRange ended;

  // Only these, if given; an empty set matches nothing.
  std::optional<std::set<RunStatus>> statuses;
  std::optional<std::set<ComponentNumber>> components;
};

// A page of instances. It may be short or empty and yet not be the last,
// because the rows examined for one page are bounded; the last page has no
// `next_after`.
struct InstancePage {
  // Ascending by start, component and owner.
  std::vector<Instance> instances;

  // The `after` of the next page.
  std::optional<InstanceKey> next_after;
};

struct AttemptPage {
  // Ascending by instance, as above, and number.
  std::vector<Attempt> attempts;
  std::optional<AttemptKey> next_after;
};

// The read-only half of a store. Each answer reflects at least what was
// committed before the call. For one thread at a time, which may differ from
// those of the diary and of other archives. Errors and the range of times are
// described in store.h.
//
// Of a deleted pipeline only the record is found.
class Archive {
 public:
  virtual ~Archive() = default;

  // Returns the numbering of an account's tasks, or nothing if it never had a
  // task.
  virtual absl::StatusOr<std::optional<AccountRecord>> FindAccount(
      const AccountId& account) = 0;

  // Returns a task of the account with its payload and attempts, or nothing.
  virtual absl::StatusOr<std::optional<TaskHistory>> History(
      const AccountId& account, TaskId id) = 0;

  // Returns a page of tasks.
  virtual absl::StatusOr<TaskPage> List(const TaskFilter& filter) = 0;

  // Returns a pipeline by its public id, a deleted one included, or nothing.
  virtual absl::StatusOr<std::optional<PipelineRecord>> FindPipeline(
      const AccountId& account, const std::string& id) = 0;

  // Returns at most `limit` (at least 1) of the account's pipelines that are
  // not deleted and have a greater number than `after`, rising by number.
  virtual absl::StatusOr<std::vector<PipelineRecord>> ListPipelines(
      const AccountId& account, PipelineNumber after, int limit) = 0;

  // Returns a version of a pipeline's definition, or nothing.
  virtual absl::StatusOr<std::optional<SharedDefinition>> ReadDefinition(
      PipelineNumber pipeline, int version) = 0;

  // Returns the components of a pipeline, rising by number.
  virtual absl::StatusOr<std::vector<ComponentRecord>> ReadComponents(
      PipelineNumber pipeline) = 0;

  // Returns an instance, live or ended, or nothing if there is none or it was
  // trimmed.
  virtual absl::StatusOr<std::optional<Instance>> ReadInstance(
      const InstanceKey& key) = 0;

  // Returns the instances of a pipeline whose interval starts at `start`,
  // rising by component and owner.
  virtual absl::StatusOr<std::vector<Instance>> InstancesAt(
      PipelineNumber pipeline, absl::Time start) = 0;

  // Here and below, an attempt that has not ended is returned with the
  // hostname, the time of the last report and the progress of its task.

  // Returns the attempts of an instance, rising by number.
  virtual absl::StatusOr<std::vector<Attempt>> AttemptsOf(
      const InstanceKey& instance) = 0;

  // Return a page of at most `limit` (at least 1) instances or attempts that
  // come after `after`, or from the first one on.
  virtual absl::StatusOr<InstancePage> ListInstances(
      const RunFilter& filter, const std::optional<InstanceKey>& after,
      int limit) = 0;
  virtual absl::StatusOr<AttemptPage> ListAttempts(
      const RunFilter& filter, const std::optional<AttemptKey>& after,
      int limit) = 0;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_ARCHIVE_H_
