// Rows of pipelines in memory, as a store keeps them: the meaning of a batch,
// written once for the memory store and for tests.

#ifndef HOLDLINE_SERVER_PIPELINE_MODEL_STORED_PIPELINES_H_
#define HOLDLINE_SERVER_PIPELINE_MODEL_STORED_PIPELINES_H_

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/model/batch.h"
#include "server/pipeline/model/ids.h"
#include "server/pipeline/model/instance.h"
#include "server/pipeline/model/notification.h"
#include "server/pipeline/model/record.h"

namespace holdline {

// Not thread-safe. Ended instances are kept until Erase, as long as their
// pipeline exists.
struct StoredPipelines {
  // Pipelines that are not deleted.
  std::map<PipelineNumber, PipelineRecord> pipelines;

  // Records of deleted pipelines.
  std::map<PipelineNumber, PipelineRecord> tombstones;

  // Numbers by public id, of deleted pipelines too.
  absl::flat_hash_map<std::string, PipelineNumber> numbers;

  // Of those that are not deleted.
  std::map<std::pair<PipelineNumber, int>, SharedDefinition> definitions;
  std::map<std::pair<PipelineNumber, ComponentNumber>, ComponentRecord>
      components;
  std::map<InstanceKey, Instance> instances;
  std::map<AttemptKey, Attempt> attempts;

  std::map<NotificationNumber, Notification> notifications;
  PipelineCounters counters;

  // Whether `batch` fits what is stored: no public id is another pipeline's.
  bool Fits(const PipelineBatch& batch) const;

  // Stores a batch that fits.
  void Store(const PipelineBatch& batch);

  // Returns the rows that a restart loads.
  PipelineRows Load() const;

  // Erases an instance and its attempts.
  void Erase(const InstanceKey& key);

  // Returns the pipeline of an id, or its tombstone; null for an unknown id.
  const PipelineRecord* Find(const std::string& id) const;

  // Whether the account had a pipeline of this id that was deleted.
  bool WasDeleted(const AccountId& account, const std::string& id) const;

  std::optional<Instance> Read(const InstanceKey& key) const;

 private:
  void Delete(const PipelineRecord& record);
  void LoadRuns(PipelineRows& rows) const;
  void LoadDefinitions(PipelineRows& rows) const;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_MODEL_STORED_PIPELINES_H_
