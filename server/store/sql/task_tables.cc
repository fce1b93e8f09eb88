#include "server/store/sql/task_tables.h"

#include <array>
#include <vector>

#include "server/pipeline/model/record.h"
#include "server/store/sql/stored_messages.h"

namespace holdline {

template <>
struct LastOf<TaskKind> {
  static constexpr TaskKind kValue = TaskKind::kResource;
};
template <>
struct LastOf<Phase> {
  static constexpr Phase kValue = Phase::kCanceled;
};
template <>
struct LastOf<LeaseEnd> {
  static constexpr LeaseEnd kValue = LeaseEnd::kFalse;
};

// A list of keys and values, as the tags of pipelines are.
template <>
struct Stored<Labels> {
  static constexpr ValueType kType = ValueType::kBlob;
  static void Write(const char* name, const Labels& labels,
                    ValueWriter& writer) {
    std::vector<Tag> tags;
    for (const auto& [key, value] : labels) tags.push_back({key, value});
    writer.BindKept(name, EncodeTags(tags));
  }
  static Labels Read(const char* name, ValueReader& reader) {
    std::vector<Tag> tags;
    if (!DecodeTags(reader.Blob(name), tags)) reader.Reject(name);
    Labels labels;
    for (const Tag& tag : tags) labels.emplace(tag.key, tag.value);
    return labels;
  }
};

namespace {

template <auto... kTo>
constexpr auto SpecColumns() {
  return std::array{
      Member<kTo..., &TaskSpec::group, &GroupKey::account>("account"),
      Member<kTo..., &TaskSpec::group, &GroupKey::name>("worker_group"),
      Member<kTo..., &TaskSpec::kind>("kind"),
      Member<kTo..., &TaskSpec::type>("type"),
      Member<kTo..., &TaskSpec::priority>("priority"),
      Member<kTo..., &TaskSpec::fairness_key>("fairness_key"),
      Member<kTo..., &TaskSpec::labels>("labels"),
      Member<kTo..., &TaskSpec::retry, &RetryPolicy::attempts>(
          "retry_attempts"),
      Member<kTo..., &TaskSpec::retry, &RetryPolicy::delay>("retry_delay"),
      Member<kTo..., &TaskSpec::retry, &RetryPolicy::backoff>("retry_backoff"),
      Member<kTo..., &TaskSpec::retry, &RetryPolicy::delay_max>(
          "retry_delay_max"),
      Member<kTo..., &TaskSpec::retry, &RetryPolicy::jitter>("retry_jitter"),
      Member<kTo..., &TaskSpec::timeouts, &Timeouts::acknowledge>(
          "acknowledge_timeout"),
      Member<kTo..., &TaskSpec::timeouts, &Timeouts::progress>(
          "progress_timeout"),
      Member<kTo..., &TaskSpec::timeouts, &Timeouts::attempt>(
          "attempt_timeout"),
      Member<kTo..., &TaskSpec::submitted_at>("submitted_at"),
  };
}

template <auto... kTo>
constexpr auto LeaseColumns() {
  return std::array{
      Member<kTo..., &Lease::id>("lease"),
      Member<kTo..., &Lease::hostname>("lease_hostname"),
      Member<kTo..., &Lease::taskrunner_id>("lease_taskrunner_id"),
      Member<kTo..., &Lease::instance_arn>("lease_instance_arn"),
      Member<kTo..., &Lease::handed_out_at>("lease_handed_out_at"),
      Member<kTo..., &Lease::acknowledged_at>("lease_acknowledged_at"),
      Member<kTo..., &Lease::reported_at>("lease_reported_at"),
      Member<kTo..., &Lease::deadline>("lease_deadline"),
  };
}

template <auto... kTo>
constexpr auto StateColumns() {
  return Join(std::array{Member<kTo..., &TaskState::phase>("phase"),
                         Member<kTo..., &TaskState::attempt>("attempt"),
                         Member<kTo..., &TaskState::failures>("failures"),
                         Member<kTo..., &TaskState::ready_at>("ready_at")},
              LeaseColumns<kTo..., &TaskState::lease>(),
              std::array{Member<kTo..., &TaskState::lease_end>("lease_failed"),
                         Bytes<kTo..., &TaskState::progress>("progress"),
                         Member<kTo..., &TaskState::ended_at>("ended_at"),
                         Member<kTo..., &TaskState::cancellation_reason>(
                             "cancellation_reason")});
}

constexpr auto kNewTask =
    Join(std::array{Member<&NewTask::id>("id")}, SpecColumns<&NewTask::spec>(),
         std::array{Bytes<&NewTask::payload>("payload")});

constexpr auto kChangedTask = Join(std::array{Member<&ChangedTask::id>("id")},
                                   StateColumns<&ChangedTask::state>());

constexpr auto kTask =
    Join(std::array{Member<&Task::id>("id")}, SpecColumns<&Task::spec>(),
         StateColumns<&Task::state>());

constexpr auto kEndedAttempt = Join(
    std::array{Member<&EndedAttempt::task>("task"),
               Member<&EndedAttempt::number>("number")},
    LeaseColumns<&EndedAttempt::lease>(),
    std::array{
        Member<&EndedAttempt::failure, &Failure::id>("error_id"),
        Member<&EndedAttempt::failure, &Failure::message>("error_message"),
        Member<&EndedAttempt::failure, &Failure::stack_trace>("stack_trace"),
        Member<&EndedAttempt::ended_at>("ended_at")});

constexpr std::array kGroup = {
    Member<&GroupSettings::group, &GroupKey::account>("account"),
    Member<&GroupSettings::group, &GroupKey::name>("name"),
    Member<&GroupSettings::paused>("paused"),
    Member<&GroupSettings::draining>("draining"),
};

constexpr std::array kRunner = {
    Member<&RunnerRecord::runner, &RunnerKey::account>("account"),
    Member<&RunnerRecord::runner, &RunnerKey::name>("name"),
    Member<&RunnerRecord::hostname>("hostname"),
    Member<&RunnerRecord::worker_group>("worker_group"),
    Member<&RunnerRecord::heartbeat_at>("heartbeat_at"),
    Member<&RunnerRecord::draining>("draining"),
};

constexpr std::array kRequest = {
    Member<&RequestRecord::request, &RequestKey::account>("account"),
    Member<&RequestRecord::request, &RequestKey::name>("name"),
    Member<&RequestRecord::fingerprint>("fingerprint"),
    Member<&RequestRecord::first>("first_task"),
    Member<&RequestRecord::count>("tasks"),
    Member<&RequestRecord::expires_at>("expires_at"),
};

constexpr std::array kAccount = {
    Member<&AccountRecord::account>("account"),
    Member<&AccountRecord::ordinal>("ordinal"),
    Member<&AccountRecord::first>("first_task"),
    Member<&AccountRecord::next>("next_task"),
};

constexpr std::array kCounter = {Member<&Counters::next_lease>("next_lease")};

constexpr std::array kSecret = {Bytes<&StoredSecret::secret>("secret")};

}  // namespace

constinit const Table<NewTask> kTaskTable = {"task", kNewTask, 1};
constinit const Table<ChangedTask> kTaskStateTable = {"task_state",
                                                      kChangedTask, 1};
constinit const Table<EndedAttempt> kAttemptTable = {"attempt", kEndedAttempt,
                                                     0};
constinit const Table<GroupSettings> kGroupTable = {"worker_group", kGroup, 2};
constinit const Table<RunnerRecord> kRunnerTable = {"runner", kRunner, 2};
constinit const Table<RequestRecord> kRequestTable = {"request", kRequest, 2};
constinit const Table<AccountRecord> kAccountTable = {"account", kAccount, 1};
constinit const Table<Counters> kCounterTable = {"counter", kCounter, 0};
constinit const Table<StoredSecret> kSecretTable = {"secret", kSecret, 0};
constinit const Columns<Task> kTaskColumns = kTask;

}  // namespace holdline
