// The diary of a store in memory.

#ifndef HOLDLINE_SERVER_STORE_MEMORY_MEMORY_DIARY_H_
#define HOLDLINE_SERVER_STORE_MEMORY_MEMORY_DIARY_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/store/diary.h"
#include "server/store/memory/memory_rows.h"

namespace holdline {

// Thread-safe. Never UNAVAILABLE.
class MemoryDiary : public Diary {
 public:
  // `rows` is not owned and must outlive this.
  explicit MemoryDiary(MemoryRows* rows);

  absl::StatusOr<State> Load() override;
  absl::StatusOr<PipelineRows> LoadPipelines() override;
  absl::Status Commit(const Batch& tasks,
                      const PipelineBatch& pipelines) override;
  absl::StatusOr<std::optional<Task>> ReadTask(TaskId id) override;
  absl::StatusOr<std::string> ReadPayload(TaskId id) override;
  absl::StatusOr<std::optional<Instance>> ReadInstance(
      const InstanceKey& key) override;
  absl::StatusOr<bool> WasDeleted(const AccountId& account,
                                  const std::string& id) override;
  absl::StatusOr<int> Trim(const EndedBefore& ended_before, int limit) override;
  absl::StatusOr<StoreSpace> Shrink() override { return StoreSpace(); }
  absl::StatusOr<std::string> Secret() override { return secret_; }
  absl::Status Check() override { return absl::OkStatus(); }

 private:
  MemoryRows& rows_;
  const std::string secret_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_MEMORY_MEMORY_DIARY_H_
