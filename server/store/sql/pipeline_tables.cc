#include "server/store/sql/pipeline_tables.h"

#include <array>
#include <string>
#include <utility>

#include "server/store/sql/stored_messages.h"

namespace holdline {

template <>
struct LastOf<PipelineState> {
  static constexpr PipelineState kValue = PipelineState::kDeleted;
};
template <>
struct LastOf<ComponentStatus> {
  static constexpr ComponentStatus kValue = ComponentStatus::kFinished;
};
template <>
struct LastOf<RunStatus> {
  static constexpr RunStatus kValue = RunStatus::kSkipped;
};
template <>
struct LastOf<MassCancellation> {
  static constexpr MassCancellation kValue = MassCancellation::kDeleted;
};
template <>
struct LastOf<RerunReach> {
  static constexpr RerunReach kValue = RerunReach::kAll;
};
template <>
struct LastOf<Health> {
  static constexpr Health kValue = Health::kError;
};

namespace {

template <auto... kTo>
constexpr auto KeyColumns() {
  return std::array{
      Member<kTo..., &InstanceKey::pipeline>("pipeline"),
      Member<kTo..., &InstanceKey::start>("start_time"),
      Member<kTo..., &InstanceKey::component>("component"),
      Member<kTo..., &InstanceKey::owner>("owner"),
  };
}

template <auto... kTo>
constexpr auto FailureColumns() {
  return std::array{
      Member<kTo..., &Failure::id>("error_id"),
      Member<kTo..., &Failure::message>("error_message"),
      Member<kTo..., &Failure::stack_trace>("stack_trace"),
  };
}

std::string TagsOf(const PipelineRecord& record) {
  return EncodeTags(record.tags);
}
bool TakeTags(absl::string_view bytes, PipelineRecord& record) {
  return DecodeTags(bytes, record.tags);
}

std::string DefinitionOf(const SavedDefinition& saved) {
  return EncodeDefinition(*saved.definition);
}
bool TakeDefinition(absl::string_view bytes, SavedDefinition& saved) {
  Definition definition;
  if (!DecodeDefinition(bytes, definition)) return false;
  saved.definition = std::move(definition);
  return true;
}

// What an instance is seen from by a component, which has no interval.
InstanceKey PlaceOf(const ComponentRecord& record) {
  InstanceKey place;
  place.pipeline = record.pipeline;
  return place;
}
std::string HealthFromOf(const ComponentRecord& record) {
  return EncodeInstance(record.health_from, PlaceOf(record));
}
bool TakeHealthFrom(absl::string_view bytes, ComponentRecord& record) {
  return DecodeInstance(bytes, PlaceOf(record), record.health_from);
}

// A list of an instance, by its member.
template <auto kList>
std::string InstancesOf(const Instance& instance) {
  return EncodeInstances(instance.*kList, instance.key);
}
template <auto kList>
bool TakeInstances(absl::string_view bytes, Instance& instance) {
  return DecodeInstances(bytes, instance.key, instance.*kList);
}
template <auto kList>
constexpr auto Instances(const char* name) {
  return Message<Instance, InstancesOf<kList>, TakeInstances<kList>>(name);
}

constexpr std::array kPipeline = {
    Member<&PipelineRecord::number>("number"),
    Member<&PipelineRecord::id>("id"),
    Member<&PipelineRecord::account>("account"),
    Member<&PipelineRecord::creator>("creator"),
    Member<&PipelineRecord::name>("name"),
    Member<&PipelineRecord::unique_id>("unique_id"),
    Member<&PipelineRecord::description>("description"),
    Message<PipelineRecord, TagsOf, TakeTags>("tags"),
    Member<&PipelineRecord::state>("state"),
    Member<&PipelineRecord::saved_version>("saved_version"),
    Member<&PipelineRecord::active_version>("active_version"),
    Member<&PipelineRecord::errored>("errored"),
    Member<&PipelineRecord::created_at>("created_at"),
    Member<&PipelineRecord::first_activated_at>("first_activated_at"),
    Member<&PipelineRecord::last_activated_at>("last_activated_at"),
    Member<&PipelineRecord::deactivated_at>("deactivated_at"),
    Member<&PipelineRecord::finished_at>("finished_at"),
    Member<&PipelineRecord::health>("health"),
    Member<&PipelineRecord::health_at>("health_at"),
    Member<&PipelineRecord::order, &PendingOrder::cancellation>(
        "order_cancellation"),
    Member<&PipelineRecord::order, &PendingOrder::next_component>(
        "order_component"),
    Member<&PipelineRecord::order, &PendingOrder::start>("order_start"),
};

constexpr std::array kLeftover = {Member<&Leftover::pipeline>("pipeline")};

constexpr std::array kDefinition = {
    Member<&SavedDefinition::pipeline>("pipeline"),
    Member<&SavedDefinition::version>("version"),
    Message<SavedDefinition, DefinitionOf, TakeDefinition>("definition"),
};

constexpr std::array kComponent = {
    Member<&ComponentRecord::pipeline>("pipeline"),
    Member<&ComponentRecord::number>("number"),
    Member<&ComponentRecord::id>("id"),
    Member<&ComponentRecord::status>("status"),
    Member<&ComponentRecord::next_interval>("next_interval"),
    Member<&ComponentRecord::skip_before>("skip_before"),
    Member<&ComponentRecord::latest_run>("latest_run"),
    Member<&ComponentRecord::latest_completed_run>("latest_completed_run"),
    Member<&ComponentRecord::deactivated_at>("deactivated_at"),
    Member<&ComponentRecord::health>("health"),
    Member<&ComponentRecord::health_at>("health_at"),
    Message<ComponentRecord, HealthFromOf, TakeHealthFrom>("health_from"),
};

constexpr auto kInstance =
    Join(KeyColumns<&Instance::key>(),
         std::array{
             Member<&Instance::end>("end_time"),
             Member<&Instance::version>("version"),
             Member<&Instance::status>("status"),
             Member<&Instance::created_at>("created_at"),
             Member<&Instance::started_at>("started_at"),
             Member<&Instance::ended_at>("ended_at"),
             Member<&Instance::attempts>("attempts"),
             Member<&Instance::retries_left>("retries_left"),
             Member<&Instance::task>("task"),
             Member<&Instance::rerun>("rerun"),
             Member<&Instance::rerun_reach>("rerun_reach"),
             Member<&Instance::late>("late"),
             Instances<&Instance::waiting_on>("waiting_on"),
             Instances<&Instance::cascade_failed_on>("cascade_failed_on"),
         },
         FailureColumns<&Instance::failure>(),
         std::array{
             Member<&Instance::cancellation_reason>("cancellation_reason"),
             Member<&Instance::rechecks>("rechecks"),
             Member<&Instance::rechecked_at>("rechecked_at"),
         });

constexpr auto kInstanceAttempt = Join(
    KeyColumns<&Attempt::key, &AttemptKey::instance>(),
    std::array{
        Member<&Attempt::key, &AttemptKey::number>("number"),
        Member<&Attempt::task>("task"),
        Member<&Attempt::status>("status"),
        Member<&Attempt::ready_at>("ready_at"),
        Member<&Attempt::ended_at>("ended_at"),
        Member<&Attempt::hostname>("hostname"),
        Member<&Attempt::instance_arn>("instance_arn"),
        Member<&Attempt::reported_at>("reported_at"),
        Bytes<&Attempt::progress>("progress"),
    },
    FailureColumns<&Attempt::failure>(),
    std::array{Member<&Attempt::cancellation_reason>("cancellation_reason")});

constexpr std::array kNotification = {
    Member<&Notification::number>("number"),
    Member<&Notification::account>("account"),
    Member<&Notification::pipeline_id>("pipeline_id"),
    Member<&Notification::object_id>("object_id"),
    Member<&Notification::action_id>("action_id"),
    Member<&Notification::topic>("topic"),
    Member<&Notification::subject>("subject"),
    Member<&Notification::message>("message"),
    Member<&Notification::created_at>("created_at"),
    Member<&Notification::failures>("failures"),
    Member<&Notification::due_at>("due_at"),
};

constexpr std::array kPipelineCounter = {
    Member<&PipelineCounters::next_pipeline>("next_pipeline"),
    Member<&PipelineCounters::next_notification>("next_notification"),
};

constexpr auto kInstanceKey = KeyColumns<>();

}  // namespace

constinit const Table<PipelineRecord> kPipelineTable = {"pipeline", kPipeline,
                                                        1};
constinit const Table<Leftover> kLeftoverTable = {"leftover", kLeftover, 1};
constinit const Table<SavedDefinition> kDefinitionTable = {"definition",
                                                           kDefinition, 2};
constinit const Table<ComponentRecord> kComponentTable = {"component",
                                                          kComponent, 2};
constinit const Table<Instance> kInstanceTable = {"instance", kInstance, 4};
constinit const Table<Attempt> kInstanceAttemptTable = {"instance_attempt",
                                                        kInstanceAttempt, 5};
constinit const Table<Notification> kNotificationTable = {"notification",
                                                          kNotification, 1};
constinit const Table<PipelineCounters> kPipelineCounterTable = {
    "pipeline_counter", kPipelineCounter, 0};
constinit const Columns<InstanceKey> kInstanceKeyColumns = kInstanceKey;

}  // namespace holdline
