#include "server/log/pipeline_lines.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "server/pipeline/calendar/field_time.h"
#include "server/pipeline/model/run_fields.h"

namespace holdline {
namespace {

const char* EventOf(PipelineState state) {
  switch (state) {
    case PipelineState::kPending:
      return "pipeline_created";
    case PipelineState::kScheduled:
      return "pipeline_activated";
    case PipelineState::kDeactivating:
      return "pipeline_deactivating";
    case PipelineState::kInactive:
      return "pipeline_deactivated";
    case PipelineState::kFinished:
      return "pipeline_finished";
    case PipelineState::kDeleted:
      return "pipeline_deleted";
  }
  return "";
}

// Which instance it is about.
std::vector<LogField> FieldsOf(const ComponentName& component,
                               const InstanceKey& key) {
  return {{"pipeline", component.pipeline_id},
          {"component", component.id},
          {"start", FieldTime(key.start)}};
}

// Turns a fact into an event.
struct Describe {
  LogEvent operator()(const PipelineChanged& fact) const {
    return {LogLevel::kInfo,
            EventOf(fact.state),
            {{"pipeline", fact.id}, {"account", fact.account.value}}};
  }
  LogEvent operator()(const RunChanged& fact) const {
    std::vector<LogField> fields = FieldsOf(fact.component, fact.key);
    const absl::string_view status = ToString(fact.status);
    fields.push_back({"status", std::string(status)});
    return {LogLevel::kDebug, "run_changed", std::move(fields)};
  }
  LogEvent operator()(const RunAttemptFailed& fact) const {
    std::vector<LogField> fields = FieldsOf(fact.component, fact.key.instance);
    fields.push_back({"attempt", int64_t{fact.key.number}});
    return {LogLevel::kDebug, "run_attempt_failed", std::move(fields)};
  }
};

}  // namespace

void WritePipelineFacts(Log* log, absl::Span<const PipelineFact> facts) {
  const bool all = log->Wants(LogLevel::kDebug);
  for (const PipelineFact& fact : facts) {
    if (!all && !std::holds_alternative<PipelineChanged>(fact)) continue;
    log->Write(std::visit(Describe(), fact));
  }
}

}  // namespace holdline
