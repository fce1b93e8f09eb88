// Rows of pipelines, kept in memory as a store keeps them: what a batch means,
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

// Not thread-safe. Forgets no instance of a pipeline that lives: whoever trims
// calls Erase.
struct StoredPipelines {
  // Those that are not deleted.
  std::map<PipelineNumber, PipelineRecord> pipelines;

  // What is left of those that are.
  std::map<PipelineNumber, PipelineRecord> tombstones;

  // Of each id that there is or was.
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

  // What a restart brings back.
  PipelineRows Load() const;

  // Erases an instance and its attempts.
  void Erase(const InstanceKey& key);

  // Returns the pipeline of an id, or its tombstone. Null if there never was
  // one.
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
