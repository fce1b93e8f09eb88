// A stored pipeline: its record, components and definitions, each read on first
// use.

#ifndef HOLDLINE_SERVER_QUERIES_PIPELINE_READER_H_
#define HOLDLINE_SERVER_QUERIES_PIPELINE_READER_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "server/base/reach.h"
#include "server/broker/ids.h"
#include "server/pipeline/definition/definition.h"
#include "server/pipeline/model/record.h"
#include "server/pipeline/model/run_fields.h"
#include "server/pipeline/model/workflow.h"
#include "server/store/archive.h"

namespace holdline {

// Not thread-safe; used on the thread of History. Every method may also return
// an error of the store.
class PipelineReader {
 public:
  // NOT_FOUND: the account has no such pipeline, or it names worker groups that
  // are out of reach (PipelineNotFoundException), or it was deleted
  // (PipelineDeletedException). The archive must outlive the reader.
  static absl::StatusOr<PipelineReader> Find(Archive* archive,
                                             const AccountId& account,
                                             const std::string& pipeline_id,
                                             const Reach& reach);

  // For a record that was read already.
  PipelineReader(Archive* archive, PipelineRecord record, Reach reach)
      : archive_(archive),
        record_(std::make_unique<PipelineRecord>(std::move(record))),
        reach_(std::move(reach)) {}

  // Whether the definitions that were saved and activated last name only worker
  // groups in reach.
  absl::StatusOr<bool> IsInReach();

  Archive& archive() const { return *archive_; }
  const PipelineRecord& record() const { return *record_; }
  PipelineNumber number() const { return record_->number; }

  // Returns the runnable components, in the order of their numbers.
  absl::StatusOr<absl::Span<const ComponentRecord>> Components();

  // A version of the definition, as uploaded and compiled. Null for versions
  // that are not stored, such as zero.
  struct Version {
    int number = 0;
    SharedDefinition definition;
    std::shared_ptr<const Workflow> workflow;
  };
  absl::StatusOr<const Version*> VersionOf(int number);

  // Returns the pipeline and the definition of an instance, or the definition
  // that was activated last if that version is no longer stored; DATA_LOSS if
  // both are missing; NOT_FOUND, as of Find, if it is out of reach. The context
  // lasts as long as the reader.
  absl::StatusOr<RunContext> ContextOf(const Instance& instance);

 private:
  Archive* archive_;

  // Pointers, so that contexts survive a move of the reader.
  std::unique_ptr<PipelineRecord> record_;
  Reach reach_;
  absl::flat_hash_map<int, std::unique_ptr<Version>> versions_;

  std::optional<std::vector<ComponentRecord>> components_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_QUERIES_PIPELINE_READER_H_
