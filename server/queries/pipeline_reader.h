// A pipeline as the store has it: its record, components and definitions, each
// read when it is first asked for.

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

// Not thread-safe: for the thread that asks about history. Every method may
// also return an error of the store.
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

  // The components that get instances, rising by number.
  absl::StatusOr<absl::Span<const ComponentRecord>> Components();

  // A version of the definition, as uploaded and as it is run. Versions that
  // are not stored, as zero is not, are null.
  struct Version {
    int number = 0;
    SharedDefinition definition;
    std::shared_ptr<const Workflow> workflow;
  };
  absl::StatusOr<const Version*> VersionOf(int number);

  // The pipeline and definition of an instance. A version that is not stored
  // any more is stood in for by the one that was activated last; DATA_LOSS if
  // that is missing too. NOT_FOUND, as of Find, if it is out of reach. The
  // context lasts as long as the reader.
  absl::StatusOr<RunContext> ContextOf(const Instance& instance);

 private:
  Archive* archive_;

  // They stay where they are when the reader is moved.
  std::unique_ptr<PipelineRecord> record_;
  Reach reach_;
  absl::flat_hash_map<int, std::unique_ptr<Version>> versions_;

  std::optional<std::vector<ComponentRecord>> components_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_QUERIES_PIPELINE_READER_H_
