// An archive of a store in memory.

#ifndef HOLDLINE_SERVER_STORE_MEMORY_MEMORY_ARCHIVE_H_
#define HOLDLINE_SERVER_STORE_MEMORY_MEMORY_ARCHIVE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "server/store/archive.h"
#include "server/store/memory/memory_rows.h"

namespace holdline {

// Thread-safe. Never UNAVAILABLE.
class MemoryArchive : public Archive {
 public:
  // `rows` is not owned and must outlive this.
  explicit MemoryArchive(MemoryRows* rows) : rows_(*rows) {}

  absl::StatusOr<std::optional<AccountRecord>> FindAccount(
      const AccountId& account) override;
  absl::StatusOr<std::optional<TaskHistory>> History(const AccountId& account,
                                                     TaskId id) override;
  absl::StatusOr<TaskPage> List(const TaskFilter& filter) override;
  absl::StatusOr<std::optional<PipelineRecord>> FindPipeline(
      const AccountId& account, const std::string& id) override;
  absl::StatusOr<std::vector<PipelineRecord>> ListPipelines(
      const AccountId& account, PipelineNumber after, int limit) override;
  absl::StatusOr<std::optional<SharedDefinition>> ReadDefinition(
      PipelineNumber pipeline, int version) override;
  absl::StatusOr<std::vector<ComponentRecord>> ReadComponents(
      PipelineNumber pipeline) override;
  absl::StatusOr<std::optional<Instance>> ReadInstance(
      const InstanceKey& key) override;
  absl::StatusOr<std::vector<Instance>> InstancesAt(PipelineNumber pipeline,
                                                    absl::Time start) override;
  absl::StatusOr<std::vector<Attempt>> AttemptsOf(
      const InstanceKey& instance) override;
  absl::StatusOr<InstancePage> ListInstances(
      const RunFilter& filter, const std::optional<InstanceKey>& after,
      int limit) override;
  absl::StatusOr<AttemptPage> ListAttempts(
      const RunFilter& filter, const std::optional<AttemptKey>& after,
      int limit) override;

 private:
  // Adds to a live attempt the hostname, last report and progress of its task.
  void Complete(Attempt& attempt) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(rows_.mutex);

  MemoryRows& rows_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_MEMORY_MEMORY_ARCHIVE_H_
