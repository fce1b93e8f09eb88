// The rows of pipelines that one commit stores: each changed row once, as it is
// after the batch. Stored in the same transaction as the rows of tasks.

#ifndef HOLDLINE_SERVER_PIPELINE_MODEL_BATCH_H_
#define HOLDLINE_SERVER_PIPELINE_MODEL_BATCH_H_

#include <vector>

#include "server/pipeline/definition/definition.h"
#include "server/pipeline/model/fact.h"
#include "server/pipeline/model/ids.h"
#include "server/pipeline/model/instance.h"
#include "server/pipeline/model/notification.h"
#include "server/pipeline/model/record.h"

namespace holdline {

// A definition and its version. It replaces a stored one of the same version.
struct SavedDefinition {
  PipelineNumber pipeline{};
  int version = 0;

  SharedDefinition definition;

  friend bool operator==(const SavedDefinition&,
                         const SavedDefinition&) = default;
};

// The next numbers to be given out. They never fall.
struct PipelineCounters {
  PipelineNumber next_pipeline{1};
  NotificationNumber next_notification{1};

  friend bool operator==(const PipelineCounters&,
                         const PipelineCounters&) = default;
};

// Each key occurs once in its list. A row is new or replaces the stored one.
struct PipelineBatch {
  // A pipeline in the state kDeleted replaces its row by a tombstone (see
  // tombstone.h). Its other rows are no longer found, and are deleted by Trim
  // in time.
  std::vector<PipelineRecord> pipelines;

  std::vector<SavedDefinition> definitions;
  std::vector<ComponentRecord> components;
  std::vector<Instance> instances;
  std::vector<Attempt> attempts;

  std::vector<Notification> notifications;
  std::vector<NotificationNumber> delivered_notifications;

  PipelineCounters counters;

  // The facts behind the rows, in order; not stored.
  std::vector<PipelineFact> facts;

  bool empty() const {
    return pipelines.empty() && definitions.empty() && components.empty() &&
           instances.empty() && attempts.empty() && notifications.empty() &&
           delivered_notifications.empty();
  }
};

// The rows of pipelines that are loaded at start, in no order: all that is
// live.
struct PipelineRows {
  // All pipelines that are not deleted.
  std::vector<PipelineRecord> pipelines;

  // For each pipeline, the saved and the active version, and each version that
  // a live instance was made from.
  std::vector<SavedDefinition> definitions;

  std::vector<ComponentRecord> components;

  // Live instances, and their live attempts.
  std::vector<Instance> instances;
  std::vector<Attempt> attempts;

  std::vector<Notification> notifications;
  PipelineCounters counters;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_MODEL_BATCH_H_
