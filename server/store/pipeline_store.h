// The part of a store that keeps pipelines.

#ifndef HOLDLINE_SERVER_STORE_PIPELINE_STORE_H_
#define HOLDLINE_SERVER_STORE_PIPELINE_STORE_H_

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/broker/ids.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/model/batch.h"
#include "server/pipeline/model/ids.h"
#include "server/pipeline/model/instance.h"
#include "server/pipeline/model/record.h"

namespace holdline {

// From one instant to another, both included.
struct TimeRange {
  absl::Time from = absl::InfinitePast();
  absl::Time to = absl::InfiniteFuture();

  bool Contains(absl::Time time) const { return from <= time && time <= to; }
};

// Which instances or attempts of a pipeline to list: those that fit all of it
// (DATAPIPELINE section 3.11).
struct RunFilter {
  PipelineNumber pipeline{};

  // The interval of the instance: @scheduledStartTime, @scheduledEndTime.
  TimeRange start;
  TimeRange end;

  // @actualStartTime: `created_at` of an instance, `ready_at` of an attempt.
  TimeRange created;

  // @actualEndTime. What has not ended is in a range that goes on for ever.
  TimeRange ended;

  // Only these, if given; an empty set lets nothing through.
  std::optional<std::set<RunStatus>> statuses;
  std::optional<std::set<ComponentNumber>> components;
};

// Pages may be short, and empty, because the work for one page is bounded:
// only a page without `next_after` is the last.
struct InstancePage {
  // Rising by start, component and owner.
  std::vector<Instance> instances;

  // Where to go on.
  std::optional<InstanceKey> next_after;
};

struct AttemptPage {
  // Rising by instance, as above, and number.
  std::vector<Attempt> attempts;
  std::optional<AttemptKey> next_after;
};

// Threads, errors and time are those of Store (store.h).
//
// Of a pipeline that was deleted nothing is found but its record.
class PipelineStore {
 public:
  virtual ~PipelineStore() = default;

  // For the thread that commits. Each sees what was committed.

  // Returns what a restart needs, as of the last commit.
  virtual absl::StatusOr<PipelineRows> LoadPipelines() = 0;

  // Returns an instance, live or ended, or nothing if there is none or it was
  // trimmed.
  virtual absl::StatusOr<std::optional<Instance>> ReadInstance(
      const InstanceKey& key) = 0;

  // Returns the instances of a pipeline whose interval starts at `start`,
  // rising by component and owner.
  virtual absl::StatusOr<std::vector<Instance>> ReadInstancesAt(
      PipelineNumber pipeline, absl::Time start) = 0;

  // Returns whether the account had a pipeline of this public id that was
  // deleted.
  virtual absl::StatusOr<bool> ReadDeletedPipeline(const AccountId& account,
                                                   const std::string& id) = 0;

  // For the thread that asks about history.

  // Returns a pipeline by its public id, a deleted one included, or nothing.
  virtual absl::StatusOr<std::optional<PipelineRecord>> FindPipeline(
      const AccountId& account, const std::string& id) = 0;

  // Returns at most `limit` (at least 1) of the account's pipelines that are
  // not deleted and have a greater number than `after`, rising by number.
  virtual absl::StatusOr<std::vector<PipelineRecord>> ListPipelines(
      const AccountId& account, PipelineNumber after, int limit) = 0;

  // Returns a version of a pipeline's definition, or nothing.
  virtual absl::StatusOr<std::optional<Definition>> ReadDefinition(
      PipelineNumber pipeline, int version) = 0;

  // Returns the components of a pipeline, rising by number.
  virtual absl::StatusOr<std::vector<ComponentRecord>> ReadComponents(
      PipelineNumber pipeline) = 0;

  // As ReadInstance and ReadInstancesAt, for this thread.
  virtual absl::StatusOr<std::optional<Instance>> FindInstance(
      const InstanceKey& key) = 0;
  virtual absl::StatusOr<std::vector<Instance>> InstancesAt(
      PipelineNumber pipeline, absl::Time start) = 0;

  // Attempts that have not ended are told here and below with the hostname, the
  // time of the last report and the progress of their task.

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

#endif  // HOLDLINE_SERVER_STORE_PIPELINE_STORE_H_
