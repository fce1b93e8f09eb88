#include "server/queries/pipeline_description.h"

#include <algorithm>
#include <optional>
#include <string>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/util/json_util.h"
#include "server/pipeline/calendar/field_time.h"
#include "server/pipeline/calendar/period.h"
#include "server/pipeline/calendar/schedule.h"
#include "server/pipeline/model/run_fields.h"
#include "server/queries/pipeline_message.h"

namespace holdline {
namespace {

void Add(absl::string_view key, absl::string_view value,
         v1::PipelineDescription* description) {
  if (value.empty()) return;
  v1::Field* const field = description->add_fields();
  field->set_key(std::string(key));
  field->set_string_value(std::string(value));
}

void AddTime(absl::string_view key, absl::Time time,
             v1::PipelineDescription* description) {
  if (time == absl::InfinitePast() || time == absl::InfiniteFuture()) return;
  Add(key, FieldTime(time), description);
}

std::string TagsAsJson(absl::Span<const Tag> tags) {
  std::string json = "[";
  for (const Tag& tag : tags) {
    v1::Tag message;
    ToProto(tag, &message);
    if (json.size() > 1) json += ",";
    google::protobuf::util::MessageToJsonString(message, &json);
  }
  return json + "]";
}

void AddIdentity(const PipelineRecord& pipeline,
                 v1::PipelineDescription* description) {
  Add("@id", pipeline.id, description);
  Add("@sphere", "PIPELINE", description);
  Add("@pipelineState", ToString(pipeline.state), description);
  AddTime("@creationTime", pipeline.created_at, description);
  Add("@userId", pipeline.account.value, description);
  Add("@accountId", pipeline.account.value, description);
  Add("pipelineCreator", pipeline.creator, description);
  Add("name", pipeline.name, description);
  Add("uniqueId", pipeline.unique_id, description);
  Add("description", pipeline.description, description);
  if (pipeline.saved_version > 0) {
    Add("@version", absl::StrCat(pipeline.saved_version), description);
  }
}

void AddHistory(const PipelineRecord& pipeline,
                v1::PipelineDescription* description) {
  AddTime("@firstActivationTime", pipeline.first_activated_at, description);
  AddTime("@lastActivationTime", pipeline.last_activated_at, description);
  AddTime("@lastDeactivatedTime", pipeline.deactivated_at, description);
  AddTime("@finishedTime", pipeline.finished_at, description);
  if (pipeline.health == Health::kUnknown) return;
  Add("@healthStatus", ToString(pipeline.health), description);
  AddTime("@healthStatusUpdatedTime", pipeline.health_at, description);
}

// The first schedule by which something runs.
const Schedule* ScheduleOf(const Workflow& workflow) {
  for (const Component& component : workflow.components()) {
    if (component.schedule.has_value()) return &*component.schedule;
  }
  return nullptr;
}

void AddSchedule(const Schedule& schedule,
                 v1::PipelineDescription* description) {
  AddTime("@scheduledStartTime", schedule.start, description);
  const int64_t count = IntervalCount(schedule);
  if (schedule.end.has_value()) {
    AddTime("@scheduledEndTime", *schedule.end, description);
  } else if (count != kEndless && count > 0) {
    const std::optional<Interval> last = IntervalAt(schedule, count - 1);
    if (last.has_value()) {
      AddTime("@scheduledEndTime", last->end, description);
    }
  }
  Add("@scheduledPeriod", ToString(schedule.period), description);
}

void AddRuns(const PipelineRecord& pipeline, const Workflow& workflow,
             absl::Span<const ComponentRecord> components,
             v1::PipelineDescription* description) {
  absl::Time latest = absl::InfinitePast();
  absl::Time next = absl::InfiniteFuture();
  for (const ComponentRecord& record : components) {
    latest = std::max(latest, record.latest_run);
    const Component* component = workflow.Find(record.number);
    if (component == nullptr || !component->schedule.has_value() ||
        record.status != ComponentStatus::kScheduled ||
        pipeline.state != PipelineState::kScheduled) {
      continue;
    }
    const std::optional<Interval> interval =
        IntervalAt(*component->schedule, record.next_interval);
    if (interval.has_value()) next = std::min(next, interval->start);
  }
  AddTime("@latestRunTime", latest, description);
  AddTime("@nextRunTime", next, description);
}

}  // namespace

void Describe(const PipelineRecord& pipeline, const Workflow* workflow,
              absl::Span<const ComponentRecord> components,
              v1::PipelineDescription* description) {
  description->set_pipeline_id(pipeline.id);
  description->set_name(pipeline.name);
  if (!pipeline.description.empty()) {
    description->set_description(pipeline.description);
  }
  for (const Tag& tag : pipeline.tags) ToProto(tag, description->add_tags());

  AddIdentity(pipeline, description);
  AddHistory(pipeline, description);
  if (workflow != nullptr) {
    const Schedule* schedule = ScheduleOf(*workflow);
    if (schedule != nullptr) AddSchedule(*schedule, description);
    AddRuns(pipeline, *workflow, components, description);
  }
  if (!pipeline.tags.empty()) {
    Add("*tags", TagsAsJson(pipeline.tags), description);
  }
}

}  // namespace holdline
