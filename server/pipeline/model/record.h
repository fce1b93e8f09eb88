// The stored state of pipelines and their components.
//
// Times are whole microseconds; infinite future is not yet, infinite past is
// never.

#ifndef HOLDLINE_SERVER_PIPELINE_MODEL_RECORD_H_
#define HOLDLINE_SERVER_PIPELINE_MODEL_RECORD_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "server/broker/ids.h"
#include "server/pipeline/model/ids.h"

namespace holdline {

// DATAPIPELINE section 2.2. The numbers are stored.
enum class PipelineState {
  kPending = 0,
  kScheduled = 1,
  kDeactivating = 2,
  kInactive = 3,
  kFinished = 4,
  kDeleted = 5,  // only its id is kept, so that it can be told from an unknown
};

struct Tag {
  std::string key;
  std::string value;

  friend bool operator==(const Tag&, const Tag&) = default;
};

enum class Health { kUnknown = 0, kHealthy = 1, kError = 2 };

// The reason for cancelling all live instances of a pipeline. The numbers are
// stored.
enum class MassCancellation {
  kNone = 0,
  kActivatedAgain = 1,  // on demand, and as many runs go on as may
  kDeactivated = 2,
  kDeleted = 3,
};

// The part of a command to a whole pipeline that is not carried out yet. Stored
// with the pipeline, so that a restart continues it.
struct PendingOrder {
  // First the live instances are cancelled one by one, unless kNone.
  MassCancellation cancellation = MassCancellation::kNone;

  // Then the records of components are updated, from this one on; kNoComponent
  // if none is left.
  ComponentNumber next_component = kNoComponent;

  // For an activation, the start of its work: intervals that start earlier are
  // skipped. Infinite past leaves the start unchanged.
  absl::Time start = absl::InfinitePast();

  friend bool operator==(const PendingOrder&, const PendingOrder&) = default;
};

// The state of a pipeline. Definitions are stored apart, by version.
struct PipelineRecord {
  PipelineNumber number{};

  // The public id, such as `df-0937003356ZJEXAMPLE`.
  std::string id;

  AccountId account;

  // The user who created the pipeline; the account, if without credentials.
  std::string creator;

  std::string name;
  std::string unique_id;
  std::string description;
  std::vector<Tag> tags;

  PipelineState state = PipelineState::kPending;

  // The version that was saved last and the one that was activated last; 0 for
  // none.
  int saved_version = 0;
  int active_version = 0;

  // Whether the saved version has errors and cannot be activated.
  bool errored = false;

  absl::Time created_at = absl::InfinitePast();
  absl::Time first_activated_at = absl::InfiniteFuture();
  absl::Time last_activated_at = absl::InfiniteFuture();
  absl::Time deactivated_at = absl::InfiniteFuture();
  absl::Time finished_at = absl::InfiniteFuture();

  Health health = Health::kUnknown;
  absl::Time health_at = absl::InfinitePast();

  PendingOrder order;

  friend bool operator==(const PipelineRecord&,
                         const PipelineRecord&) = default;
};

// The status of a component (DATAPIPELINE section 2.3). The numbers are stored.
enum class ComponentStatus {
  kPending = 0,
  kScheduled = 1,
  kPaused = 2,
  kInactive = 3,
  kFinished = 4,
};

// The state of a component, from its first activation on.
struct ComponentRecord {
  PipelineNumber pipeline{};
  ComponentNumber number{};

  // The id of the object in the definition.
  std::string id;

  ComponentStatus status = ComponentStatus::kScheduled;

  // The number of the next interval; all before it have instances.
  int64_t next_interval = 0;

  // Intervals that start earlier are skipped (DATAPIPELINE section 3.5).
  absl::Time skip_before = absl::InfinitePast();

  // @latestRunTime and @latestCompletedRunTime of DescribeObjects.
  absl::Time latest_run = absl::InfinitePast();
  absl::Time latest_completed_run = absl::InfinitePast();

  absl::Time deactivated_at = absl::InfiniteFuture();

  // The health by the instance that ended last (DATAPIPELINE section 2.8).
  Health health = Health::kUnknown;
  absl::Time health_at = absl::InfinitePast();
  InstanceKey health_from;

  friend bool operator==(const ComponentRecord&,
                         const ComponentRecord&) = default;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_MODEL_RECORD_H_
