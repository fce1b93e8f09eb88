#include "server/queries/pipeline_reader.h"

#include "server/pipeline/model/error.h"
#include "server/pipeline/model/route.h"

namespace holdline {

absl::StatusOr<PipelineReader> PipelineReader::Find(
    Archive* archive, const AccountId& account, const std::string& pipeline_id,
    const Reach& reach) {
  absl::StatusOr<std::optional<PipelineRecord>> record =
      archive->FindPipeline(account, pipeline_id);
  if (!record.ok()) return record.status();
  if (!record->has_value()) return NoSuchPipeline();
  if ((*record)->state == PipelineState::kDeleted) return PipelineWasDeleted();
  PipelineReader reader(archive, **std::move(record), reach);
  const absl::StatusOr<bool> is_in_reach = reader.IsInReach();
  if (!is_in_reach.ok()) return is_in_reach.status();
  if (!*is_in_reach) return NoSuchPipeline();
  return reader;
}

absl::StatusOr<bool> PipelineReader::IsInReach() {
  if (reach_ == nullptr) return true;
  for (const int number : {record_->saved_version, record_->active_version}) {
    const absl::StatusOr<const Version*> version = VersionOf(number);
    if (!version.ok()) return version.status();
    if (*version != nullptr &&
        !holdline::IsInReach((*version)->workflow->definition(), reach_)) {
      return false;
    }
  }
  return true;
}

absl::StatusOr<absl::Span<const ComponentRecord>> PipelineReader::Components() {
  if (!components_.has_value()) {
    absl::StatusOr<std::vector<ComponentRecord>> components =
        archive_->ReadComponents(number());
    if (!components.ok()) return components.status();
    components_ = *std::move(components);
  }
  return absl::MakeConstSpan(*components_);
}

absl::StatusOr<const PipelineReader::Version*> PipelineReader::VersionOf(
    int number) {
  const auto known = versions_.find(number);
  if (known != versions_.end()) return known->second.get();
  const absl::StatusOr<std::optional<SharedDefinition>> definition =
      archive_->ReadDefinition(record_->number, number);
  if (!definition.ok()) return definition.status();
  const absl::StatusOr<absl::Span<const ComponentRecord>> components =
      Components();
  if (!components.ok()) return components.status();

  std::unique_ptr<Version>& version = versions_[number];
  if (!definition->has_value()) return version.get();
  version = std::make_unique<Version>();
  version->number = number;
  version->definition = **definition;
  version->workflow =
      Workflow::Make(ResolvedDefinition::Resolve(*version->definition),
                     NumbersOf(*components), record_->first_activated_at);
  return version.get();
}

absl::StatusOr<RunContext> PipelineReader::ContextOf(const Instance& instance) {
  for (const int number : {instance.version, record_->active_version}) {
    const absl::StatusOr<const Version*> version = VersionOf(number);
    if (!version.ok()) return version.status();
    if (*version == nullptr) continue;
    if (!holdline::IsInReach((*version)->workflow->definition(), reach_)) {
      return NoSuchPipeline();
    }
    return RunContext{record_.get(), (*version)->workflow.get()};
  }
  return absl::DataLossError("the definition of an instance is missing");
}

}  // namespace holdline
