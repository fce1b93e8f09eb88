#include "server/store/testing/pipeline_samples.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/store/testing/store_samples.h"

namespace holdline {
namespace {

const AccountId& Account() {
  static const AccountId* const account = new AccountId{"000000000000"};
  return *account;
}

Failure SampleFailure() {
  return {.id = "Exit_1", .message = "it broke", .stack_trace = "main.cc:2"};
}

// Drops the entries whose pipeline `forgotten` names.
template <typename Map, typename PipelineOf, typename Forgotten>
void Drop(Map& map, PipelineOf pipeline_of, Forgotten forgotten) {
  std::erase_if(map, [&](const auto& entry) {
    return forgotten(pipeline_of(entry.first));
  });
}

template <typename Map>
auto Values(const Map& map) {
  std::vector<typename Map::mapped_type> values;
  for (const auto& entry : map) values.push_back(entry.second);
  return values;
}

template <typename Row, typename KeyOf>
void SortBy(std::vector<Row>& rows, KeyOf key_of) {
  std::sort(rows.begin(), rows.end(),
            [&](const Row& a, const Row& b) { return key_of(a) < key_of(b); });
}

}  // namespace

PipelineRecord SamplePipeline(uint64_t number) {
  PipelineRecord record;
  record.number = PipelineNumber{number};
  record.id = absl::StrCat("df-", number);
  record.account = Account();
  record.creator = "somebody";
  record.name = "nightly";
  record.unique_id = absl::StrCat("token-", number);
  record.description = "counts what came in";
  record.tags = {{.key = "team", .value = "blue"}, {.key = "", .value = ""}};
  record.state = PipelineState::kScheduled;
  record.saved_version = 3;
  record.active_version = 2;
  record.errored = true;
  record.created_at = SampleTime(1000);
  record.first_activated_at = SampleTime(1001);
  record.last_activated_at = SampleTime(1002);
  record.deactivated_at = SampleTime(1003);
  record.finished_at = SampleTime(1004);
  record.health = Health::kError;
  record.health_at = SampleTime(1005);
  record.order = {.cancellation = MassCancellation::kDeactivated,
                  .next_component = ComponentNumber{2},
                  .start = SampleTime(1006)};
  return record;
}

Definition SampleDefinition() {
  return {
      .objects = {{.id = "Copy",
                   .name = "copies",
                   .fields = {{.key = "command", .value = "cp #{myFrom} /tmp"},
                              {.key = "schedule",
                               .value = "Daily",
                               .is_reference = true}}},
                  {.id = "Daily", .name = "", .fields = {}}},
      .parameters = {{.id = "myFrom",
                      .attributes = {{.key = "type", .value = "String"}}}},
      .values = {{.id = "myFrom", .value = "/a"},
                 {.id = "myFrom", .value = "/b"}},
  };
}

ComponentRecord SampleComponent(uint64_t pipeline, uint32_t number) {
  ComponentRecord record;
  record.pipeline = PipelineNumber{pipeline};
  record.number = ComponentNumber{number};
  record.id = absl::StrCat("Copy", number);
  record.status = ComponentStatus::kPaused;
  record.next_interval = 17;
  record.skip_before = SampleTime(2000);
  record.latest_run = SampleTime(2001);
  record.latest_completed_run = SampleTime(2002);
  record.deactivated_at = SampleTime(2003);
  record.health = Health::kHealthy;
  record.health_at = SampleTime(2004);
  record.health_from = SampleKey(pipeline, 5, number);
  return record;
}

Notification SampleNotification(uint64_t number) {
  return {
      .number = NotificationNumber{number},
      .account = Account(),
      .pipeline_id = "df-1",
      .object_id = "@Copy_2009-02-13T23:31:30",
      .action_id = "Alarm",
      .topic = "arn:aws:sns:eu-west-1:000000000000:alarms",
      .subject = "It failed",
      .message = "Copy has failed.",
      .created_at = SampleTime(3000),
      .failures = 2,
      .due_at = SampleTime(3001),
  };
}

InstanceKey SampleKey(uint64_t pipeline, int64_t hour, uint32_t component) {
  return {.pipeline = PipelineNumber{pipeline},
          .start = SampleTime(hour * 3600),
          .component = ComponentNumber{component}};
}

Instance SampleInstance(const InstanceKey& key) {
  Instance instance;
  instance.key = key;
  instance.end = key.start + absl::Hours(1);
  instance.version = 1;
  instance.status = RunStatus::kRunning;
  instance.created_at = key.start + absl::Seconds(1);
  instance.started_at = key.start + absl::Seconds(2);
  instance.attempts = 2;
  instance.retries_left = 3;
  instance.task = TaskId{77};
  instance.rerun = true;
  instance.rerun_reach = RerunReach::kWhenReached;
  instance.late = true;
  InstanceKey other = key;
  other.component = ComponentNumber{static_cast<uint32_t>(key.component) + 7};
  other.owner = key.component;
  instance.waiting_on = {other, key};
  other.start = key.start - absl::Hours(20);
  other.pipeline = PipelineNumber{static_cast<uint64_t>(key.pipeline) + 1};
  instance.cascade_failed_on = {other};
  instance.failure = SampleFailure();
  instance.cancellation_reason = "not needed";
  instance.rechecks = 4;
  instance.rechecked_at = key.start + absl::Seconds(4);
  return instance;
}

Attempt SampleRun(const InstanceKey& key, int number) {
  Attempt attempt;
  attempt.key = {.instance = key, .number = number};
  attempt.task = TaskId{77};
  attempt.status = RunStatus::kRunning;
  attempt.ready_at = key.start + absl::Seconds(10 + number);
  attempt.hostname = absl::StrCat("host-", number);
  attempt.reported_at = key.start + absl::Seconds(20 + number);
  attempt.progress = std::string("\0half\xff", 6);
  attempt.failure = SampleFailure();
  attempt.cancellation_reason = "too late";
  return attempt;
}

void EndInstance(Instance& instance, RunStatus status, absl::Time at) {
  instance.status = status;
  instance.ended_at = at;
}

void EndRun(Attempt& attempt, RunStatus status, absl::Time at) {
  attempt.status = status;
  attempt.ended_at = at;
}

PipelineRecord SampleDeletion(uint64_t number) {
  PipelineRecord record = SamplePipeline(number);
  record.state = PipelineState::kDeleted;
  return record;
}

PipelineBatch SamplePipelineBatch() {
  PipelineBatch batch;
  batch.pipelines = {SamplePipeline(1), SampleDeletion(2)};
  for (int version : {2, 3}) {
    batch.definitions.push_back(
        {PipelineNumber{1}, version, SampleDefinition()});
  }
  batch.components = {SampleComponent(1, 1), SampleComponent(1, 2)};
  const InstanceKey live = SampleKey(1, 2, 1);
  Instance ended = SampleInstance(SampleKey(1, 1, 1));
  EndInstance(ended, RunStatus::kFailed, SampleTime(4000));
  batch.instances = {SampleInstance(live), ended};
  Attempt failed = SampleRun(live, 1);
  EndRun(failed, RunStatus::kFailed, SampleTime(9000));
  batch.attempts = {failed, SampleRun(live, 2)};
  batch.notifications = {SampleNotification(1)};
  batch.counters = {.next_pipeline = PipelineNumber{3},
                    .next_notification = NotificationNumber{2}};
  return batch;
}

void PipelineReference::Apply(const PipelineBatch& batch) {
  for (const auto& row : batch.pipelines) pipelines_[row.number] = row;
  for (const auto& row : batch.definitions) {
    definitions_[{row.pipeline, row.version}] = row.definition;
  }
  for (const auto& row : batch.components) {
    components_[{row.pipeline, row.number}] = row;
  }
  for (const auto& row : batch.instances) instances_[row.key] = row;
  for (const auto& row : batch.attempts) attempts_[row.key] = row;
  for (const auto& row : batch.notifications) notifications_[row.number] = row;
  for (NotificationNumber number : batch.delivered_notifications) {
    notifications_.erase(number);
  }
  if (!batch.empty()) counters_ = batch.counters;
  Forget();
}

bool PipelineReference::IsDeleted(PipelineNumber number) const {
  return pipelines_.at(number).state == PipelineState::kDeleted;
}

void PipelineReference::Forget() {
  for (auto& [number, record] : pipelines_) {
    if (!IsDeleted(number)) continue;
    PipelineRecord left;
    left.number = number;
    left.id = record.id;
    left.account = record.account;
    left.state = PipelineState::kDeleted;
    record = left;
  }
  const auto first = [](const auto& key) { return key.first; };
  const auto deleted = [&](PipelineNumber number) { return IsDeleted(number); };
  Drop(definitions_, first, deleted);
  Drop(components_, first, deleted);
  Drop(
      instances_, [](const auto& key) { return key.pipeline; }, deleted);
  Drop(
      attempts_, [](const auto& key) { return key.instance.pipeline; },
      deleted);
}

void PipelineReference::Trim(absl::Time ended_before) {
  std::erase_if(instances_, [&](const auto& entry) {
    if (entry.second.ended_at >= ended_before) return false;
    std::erase_if(attempts_, [&](const auto& attempt) {
      return attempt.first.instance == entry.first;
    });
    return true;
  });
}

PipelineRows PipelineReference::Rows() const {
  PipelineRows rows;
  std::map<std::pair<PipelineNumber, int>, bool> wanted;
  for (const auto& [number, record] : pipelines_) {
    if (IsDeleted(number)) continue;
    rows.pipelines.push_back(record);
    wanted[{number, record.saved_version}] = true;
    wanted[{number, record.active_version}] = true;
  }
  rows.components = Values(components_);
  for (const auto& [key, instance] : instances_) {
    if (instance.ended_at != absl::InfiniteFuture()) continue;
    rows.instances.push_back(instance);
    wanted[{key.pipeline, instance.version}] = true;
  }
  for (const auto& [key, attempt] : attempts_) {
    auto instance = instances_.find(key.instance);
    if (instance == instances_.end() ||
        instance->second.ended_at != absl::InfiniteFuture() ||
        attempt.ended_at != absl::InfiniteFuture()) {
      continue;
    }
    rows.attempts.push_back(attempt);
  }
  for (const auto& [key, definition] : definitions_) {
    if (!wanted.contains(key)) continue;
    rows.definitions.push_back({key.first, key.second, definition});
  }
  rows.notifications = Values(notifications_);
  rows.counters = counters_;
  return rows;
}

void Sort(PipelineRows& rows) {
  SortBy(rows.pipelines, [](const auto& row) { return row.number; });
  SortBy(rows.definitions, [](const auto& row) {
    return std::make_pair(row.pipeline, row.version);
  });
  SortBy(rows.components, [](const auto& row) {
    return std::make_pair(row.pipeline, row.number);
  });
  SortBy(rows.instances, [](const auto& row) { return row.key; });
  SortBy(rows.attempts, [](const auto& row) { return row.key; });
  SortBy(rows.notifications, [](const auto& row) { return row.number; });
}

bool Same(const PipelineRows& a, const PipelineRows& b) {
  return a.pipelines == b.pipelines && a.definitions == b.definitions &&
         a.components == b.components && a.instances == b.instances &&
         a.attempts == b.attempts && a.notifications == b.notifications &&
         a.counters == b.counters;
}

}  // namespace holdline
