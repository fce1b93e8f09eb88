// The pipelines of a store in memory.

#ifndef HOLDLINE_SERVER_STORE_MEMORY_MEMORY_PIPELINES_H_
#define HOLDLINE_SERVER_STORE_MEMORY_MEMORY_PIPELINES_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/model/batch.h"
#include "server/pipeline/model/ids.h"
#include "server/pipeline/model/instance.h"
#include "server/pipeline/model/notification.h"
#include "server/pipeline/model/record.h"
#include "server/store/archive.h"

namespace holdline {

// Not thread-safe. The methods are those of Diary and Archive, except that live
// attempts are returned as they are stored.
class MemoryPipelines {
 public:
  // Whether `batch` can be stored: no public id in it is another pipeline's.
  bool Fits(const PipelineBatch& batch) const;

  // Stores a batch that fits.
  void Store(const PipelineBatch& batch);

  PipelineRows Load() const;

  // Deletes the instances that ended before, and returns how many.
  int Trim(absl::Time ended_before, int limit);

  // Null if there is none, or its pipeline was deleted.
  const PipelineRecord* Find(const std::string& id) const;
  const Definition* FindDefinition(PipelineNumber pipeline, int version) const;
  const Instance* FindInstance(const InstanceKey& key) const;

  std::vector<PipelineRecord> List(const AccountId& account,
                                   PipelineNumber after, int limit) const;
  std::vector<ComponentRecord> Components(PipelineNumber pipeline) const;
  std::vector<Instance> InstancesAt(PipelineNumber pipeline,
                                    absl::Time start) const;
  std::vector<Attempt> AttemptsOf(const InstanceKey& instance) const;
  InstancePage ListInstances(const RunFilter& filter,
                             const std::optional<InstanceKey>& after,
                             int limit) const;
  AttemptPage ListAttempts(const RunFilter& filter,
                           const std::optional<AttemptKey>& after,
                           int limit) const;

 private:
  // The rows that are deleted with a pipeline.
  struct Contents {
    std::map<int, Definition> definitions;
    std::map<ComponentNumber, ComponentRecord> components;
    std::map<InstanceKey, Instance> instances;
    std::map<AttemptKey, Attempt> attempts;
  };

  void StoreInstance(const Instance& instance);
  void Forget(PipelineNumber pipeline);
  void EraseInstance(const InstanceKey& key);
  void LoadDefinitions(const PipelineRecord& record, std::set<int> versions,
                       PipelineRows& rows) const;

  std::map<PipelineNumber, PipelineRecord> records_;
  absl::flat_hash_map<std::string, PipelineNumber> numbers_;

  // The rows of the pipelines that are not deleted.
  std::map<PipelineNumber, Contents> contents_;

  // All instances by their end; live ones at infinite future.
  std::set<std::pair<absl::Time, InstanceKey>> ends_;

  std::map<NotificationNumber, Notification> notifications_;
  PipelineCounters counters_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_MEMORY_MEMORY_PIPELINES_H_
