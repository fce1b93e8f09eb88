// The rows of pipelines that one commit makes durable: those that have changed,
// each once, as it is after the batch. Stored in the same transaction as the
// rows of tasks.

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

// A definition under its version. A stored one of the same version is replaced.
struct SavedDefinition {
  PipelineNumber pipeline{};
  int version = 0;

  SharedDefinition definition;

  friend bool operator==(const SavedDefinition&,
                         const SavedDefinition&) = default;
};

// The next numbers to be given out. They only rise.
struct PipelineCounters {
  PipelineNumber next_pipeline{1};
  NotificationNumber next_notification{1};

  friend bool operator==(const PipelineCounters&,
                         const PipelineCounters&) = default;
};

// Within a list each key stands once. Rows are new or replace the stored one.
struct PipelineBatch {
  // One in the state kDeleted takes everything of the pipeline with it, but its
  // own row, which is emptied of all but number, id and account: what belonged
  // to it is no longer found, and deleted by Trim in time.
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

// The rows of pipelines that are loaded at start, in no order: all that has not
// ended.
struct PipelineRows {
  // Those that are not deleted.
  std::vector<PipelineRecord> pipelines;

  // Of each pipeline the saved and the active version, and every version that a
  // live instance was made from.
  std::vector<SavedDefinition> definitions;

  std::vector<ComponentRecord> components;

  // Those that have not ended, and the attempts of these that have not ended.
  std::vector<Instance> instances;
  std::vector<Attempt> attempts;

  std::vector<Notification> notifications;
  PipelineCounters counters;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_MODEL_BATCH_H_
