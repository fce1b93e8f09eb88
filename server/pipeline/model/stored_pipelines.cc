#include "server/pipeline/model/stored_pipelines.h"

#include <limits>
#include <set>

#include "absl/time/time.h"
#include "server/pipeline/model/tombstone.h"

namespace holdline {
namespace {

// The instances of a pipeline come after this key, their attempts after the one
// made of it.
InstanceKey BeforeAll(PipelineNumber pipeline) {
  return {.pipeline = pipeline, .start = absl::InfinitePast()};
}

template <typename Part>
PipelineNumber PipelineOf(const std::pair<PipelineNumber, Part>& key) {
  return key.first;
}
PipelineNumber PipelineOf(const InstanceKey& key) { return key.pipeline; }
PipelineNumber PipelineOf(const AttemptKey& key) {
  return key.instance.pipeline;
}

// Erases the rows from `first` on that are of the same pipeline.
template <typename Map>
void EraseFrom(Map& rows, const typename Map::key_type& first) {
  const auto begin = rows.lower_bound(first);
  auto end = begin;
  while (end != rows.end() && PipelineOf(end->first) == PipelineOf(first)) {
    ++end;
  }
  rows.erase(begin, end);
}

}  // namespace

bool StoredPipelines::Fits(const PipelineBatch& batch) const {
  absl::flat_hash_map<std::string, PipelineNumber> added;
  for (const PipelineRecord& record : batch.pipelines) {
    const auto owner = numbers.find(record.id);
    if (owner != numbers.end() && owner->second != record.number) return false;
    const auto [it, is_new] = added.emplace(record.id, record.number);
    if (!is_new && it->second != record.number) return false;
  }
  return true;
}

void StoredPipelines::Store(const PipelineBatch& batch) {
  for (const PipelineRecord& record : batch.pipelines) {
    pipelines.insert_or_assign(record.number, record);
    numbers.insert_or_assign(record.id, record.number);
  }
  for (const SavedDefinition& saved : batch.definitions) {
    definitions.insert_or_assign({saved.pipeline, saved.version},
                                 saved.definition);
  }
  for (const ComponentRecord& record : batch.components) {
    components.insert_or_assign({record.pipeline, record.number}, record);
  }
  for (const Instance& instance : batch.instances) {
    instances.insert_or_assign(instance.key, instance);
  }
  for (const Attempt& attempt : batch.attempts) {
    attempts.insert_or_assign(attempt.key, attempt);
  }
  for (const Notification& notification : batch.notifications) {
    notifications.insert_or_assign(notification.number, notification);
  }
  for (const NotificationNumber number : batch.delivered_notifications) {
    notifications.erase(number);
  }
  // Last, since it also deletes rows of this batch.
  for (const PipelineRecord& record : batch.pipelines) {
    if (record.state == PipelineState::kDeleted) Delete(record);
  }
  if (!batch.empty()) counters = batch.counters;
}

void StoredPipelines::Delete(const PipelineRecord& record) {
  tombstones.insert_or_assign(record.number, Tombstone(record));
  pipelines.erase(record.number);
  EraseFrom(definitions, {record.number, std::numeric_limits<int>::min()});
  EraseFrom(components, {record.number, kNoComponent});
  EraseFrom(instances, BeforeAll(record.number));
  EraseFrom(attempts, {BeforeAll(record.number), 0});
}

PipelineRows StoredPipelines::Load() const {
  PipelineRows rows;
  rows.counters = counters;
  for (const auto& [number, record] : pipelines) {
    rows.pipelines.push_back(record);
  }
  for (const auto& [key, record] : components) {
    rows.components.push_back(record);
  }
  for (const auto& [number, notification] : notifications) {
    rows.notifications.push_back(notification);
  }
  LoadRuns(rows);
  LoadDefinitions(rows);
  return rows;
}

void StoredPipelines::LoadRuns(PipelineRows& rows) const {
  for (const auto& [key, instance] : instances) {
    if (instance.ended_at != absl::InfiniteFuture()) continue;
    rows.instances.push_back(instance);
    for (auto it = attempts.lower_bound({key, 0});
         it != attempts.end() && it->first.instance == key; ++it) {
      if (it->second.ended_at != absl::InfiniteFuture()) continue;
      rows.attempts.push_back(it->second);
    }
  }
}

void StoredPipelines::LoadDefinitions(PipelineRows& rows) const {
  std::set<std::pair<PipelineNumber, int>> wanted;
  for (const PipelineRecord& record : rows.pipelines) {
    wanted.emplace(record.number, record.saved_version);
    wanted.emplace(record.number, record.active_version);
  }
  for (const Instance& instance : rows.instances) {
    wanted.emplace(instance.key.pipeline, instance.version);
  }
  for (const auto& key : wanted) {
    const auto found = definitions.find(key);
    if (found == definitions.end()) continue;
    rows.definitions.push_back({key.first, key.second, found->second});
  }
}

void StoredPipelines::Erase(const InstanceKey& key) {
  instances.erase(key);
  const auto first = attempts.lower_bound({.instance = key, .number = 0});
  auto last = first;
  while (last != attempts.end() && last->first.instance == key) ++last;
  attempts.erase(first, last);
}

const PipelineRecord* StoredPipelines::Find(const std::string& id) const {
  const auto number = numbers.find(id);
  if (number == numbers.end()) return nullptr;
  const auto found = pipelines.find(number->second);
  return found == pipelines.end() ? &tombstones.at(number->second)
                                  : &found->second;
}

bool StoredPipelines::WasDeleted(const AccountId& account,
                                 const std::string& id) const {
  const PipelineRecord* found = Find(id);
  return found != nullptr && found->account == account &&
         found->state == PipelineState::kDeleted;
}

std::optional<Instance> StoredPipelines::Read(const InstanceKey& key) const {
  const auto found = instances.find(key);
  if (found == instances.end()) return std::nullopt;
  return found->second;
}

}  // namespace holdline
