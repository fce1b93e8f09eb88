// The pipelines of a store in memory, by what they are asked for and by when
// their runs ended.

#ifndef HOLDLINE_SERVER_STORE_MEMORY_MEMORY_PIPELINES_H_
#define HOLDLINE_SERVER_STORE_MEMORY_MEMORY_PIPELINES_H_

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/model/batch.h"
#include "server/pipeline/model/ids.h"
#include "server/pipeline/model/instance.h"
#include "server/pipeline/model/record.h"
#include "server/pipeline/model/stored_pipelines.h"
#include "server/store/archive.h"

namespace holdline {

// Not thread-safe. The methods are those of Diary and Archive, except that live
// attempts are returned as they are stored.
class MemoryPipelines {
 public:
  // Whether `batch` can be stored: no public id in it is another pipeline's.
  bool Fits(const PipelineBatch& batch) const { return rows_.Fits(batch); }

  // Stores a batch that fits.
  void Store(const PipelineBatch& batch);

  PipelineRows Load() const { return rows_.Load(); }

  // Deletes the instances that ended before, and returns how many.
  int Trim(absl::Time ended_before, int limit);

  // Returns the pipeline of an id, or its tombstone. Null if there never was
  // one.
  const PipelineRecord* Find(const std::string& id) const {
    return rows_.Find(id);
  }

  bool WasDeleted(const AccountId& account, const std::string& id) const {
    return rows_.WasDeleted(account, id);
  }

  // Nothing if there is none, or its pipeline was deleted.
  std::optional<SharedDefinition> ReadDefinition(PipelineNumber pipeline,
                                                 int version) const;
  std::optional<Instance> ReadInstance(const InstanceKey& key) const {
    return rows_.Read(key);
  }

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
  // Takes the ends away of those that the batch changes or deletes.
  void ForgetEnds(const PipelineBatch& batch);

  StoredPipelines rows_;

  // The instances that have ended, by their end.
  std::set<std::pair<absl::Time, InstanceKey>> ends_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_MEMORY_MEMORY_PIPELINES_H_
