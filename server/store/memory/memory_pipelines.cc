#include "server/store/memory/memory_pipelines.h"

#include <algorithm>
#include <iterator>

#include "server/store/run_filter.h"
#include "server/store/tombstone.h"

namespace holdline {
namespace {

// Before every instance, and every attempt, that starts at `start`.
InstanceKey Before(PipelineNumber pipeline, absl::Time start) {
  return {.pipeline = pipeline, .start = start, .component = kNoComponent};
}

template <typename Map>
auto* Lookup(Map& map, const typename Map::key_type& key) {
  auto found = map.find(key);
  return found == map.end() ? nullptr : &found->second;
}

// Looks at rows from after `after` on until `limit` were let through or the
// bound is reached. Returns the key to go on after, if there may be more.
template <typename Map, typename Let>
std::optional<typename Map::key_type> ReadPage(
    const Map& rows, const std::optional<typename Map::key_type>& after,
    int limit, Let let_through) {
  auto next = after.has_value() ? rows.upper_bound(*after) : rows.begin();
  int let = 0;
  for (int examined = 0; next != rows.end(); ++next, ++examined) {
    if (examined == kRunsExaminedMax || let == limit) {
      return std::prev(next)->first;
    }
    if (let_through(next->second)) ++let;
  }
  return std::nullopt;
}

}  // namespace

bool MemoryPipelines::Fits(const PipelineBatch& batch) const {
  absl::flat_hash_map<std::string, PipelineNumber> added;
  for (const PipelineRecord& record : batch.pipelines) {
    const PipelineNumber* owner = Lookup(numbers_, record.id);
    if (owner != nullptr && *owner != record.number) return false;
    const auto [it, is_new] = added.emplace(record.id, record.number);
    if (!is_new && it->second != record.number) return false;
  }
  return true;
}

void MemoryPipelines::Store(const PipelineBatch& batch) {
  for (const PipelineRecord& record : batch.pipelines) {
    records_.insert_or_assign(record.number, record);
    numbers_.insert_or_assign(record.id, record.number);
    contents_[record.number];
  }
  for (const SavedDefinition& saved : batch.definitions) {
    contents_[saved.pipeline].definitions.insert_or_assign(saved.version,
                                                           saved.definition);
  }
  for (const ComponentRecord& record : batch.components) {
    contents_[record.pipeline].components.insert_or_assign(record.number,
                                                           record);
  }
  for (const Instance& instance : batch.instances) StoreInstance(instance);
  for (const Attempt& attempt : batch.attempts) {
    contents_[attempt.key.instance.pipeline].attempts.insert_or_assign(
        attempt.key, attempt);
  }
  for (const Notification& notification : batch.notifications) {
    notifications_.insert_or_assign(notification.number, notification);
  }
  for (NotificationNumber number : batch.delivered_notifications) {
    notifications_.erase(number);
  }
  for (const PipelineRecord& record : batch.pipelines) {
    if (record.state == PipelineState::kDeleted) Forget(record.number);
  }
  if (!batch.empty()) counters_ = batch.counters;
}

void MemoryPipelines::StoreInstance(const Instance& instance) {
  auto& instances = contents_[instance.key.pipeline].instances;
  const auto [it, is_new] = instances.try_emplace(instance.key, instance);
  if (!is_new) {
    ends_.erase({it->second.ended_at, instance.key});
    it->second = instance;
  }
  ends_.emplace(instance.ended_at, instance.key);
}

void MemoryPipelines::Forget(PipelineNumber pipeline) {
  PipelineRecord& record = records_.at(pipeline);
  record = Tombstone(record);
  auto contents = contents_.find(pipeline);
  for (const auto& [key, instance] : contents->second.instances) {
    ends_.erase({instance.ended_at, key});
  }
  contents_.erase(contents);
}

PipelineRows MemoryPipelines::Load() const {
  PipelineRows rows;
  rows.counters = counters_;
  std::map<PipelineNumber, std::set<int>> versions;
  const auto live = std::make_pair(absl::InfiniteFuture(), InstanceKey());
  for (auto it = ends_.lower_bound(live); it != ends_.end(); ++it) {
    const Instance* instance = FindInstance(it->second);
    versions[instance->key.pipeline].insert(instance->version);
    rows.instances.push_back(*instance);
    for (Attempt& attempt : AttemptsOf(instance->key)) {
      if (attempt.ended_at != absl::InfiniteFuture()) continue;
      rows.attempts.push_back(std::move(attempt));
    }
  }
  for (const auto& [number, contents] : contents_) {
    const PipelineRecord& record = records_.at(number);
    rows.pipelines.push_back(record);
    LoadDefinitions(record, std::move(versions[number]), rows);
    for (const auto& entry : contents.components) {
      rows.components.push_back(entry.second);
    }
  }
  for (const auto& entry : notifications_) {
    rows.notifications.push_back(entry.second);
  }
  return rows;
}

void MemoryPipelines::LoadDefinitions(const PipelineRecord& record,
                                      std::set<int> versions,
                                      PipelineRows& rows) const {
  versions.insert({record.saved_version, record.active_version});
  for (int version : versions) {
    const Definition* found = FindDefinition(record.number, version);
    if (found == nullptr) continue;
    rows.definitions.push_back({record.number, version, *found});
  }
}

int MemoryPipelines::Trim(absl::Time ended_before, int limit) {
  int trimmed = 0;
  while (trimmed < limit && !ends_.empty() &&
         ends_.begin()->first < ended_before) {
    EraseInstance(ends_.begin()->second);
    ends_.erase(ends_.begin());
    ++trimmed;
  }
  return trimmed;
}

void MemoryPipelines::EraseInstance(const InstanceKey& key) {
  Contents& contents = contents_.at(key.pipeline);
  contents.instances.erase(key);
  auto& attempts = contents.attempts;
  auto first = attempts.lower_bound({.instance = key, .number = 0});
  auto last = first;
  while (last != attempts.end() && last->first.instance == key) ++last;
  attempts.erase(first, last);
}

const PipelineRecord* MemoryPipelines::Find(const std::string& id) const {
  const PipelineNumber* number = Lookup(numbers_, id);
  return number == nullptr ? nullptr : Lookup(records_, *number);
}

const Definition* MemoryPipelines::FindDefinition(PipelineNumber pipeline,
                                                  int version) const {
  const Contents* contents = Lookup(contents_, pipeline);
  if (contents == nullptr) return nullptr;
  const SharedDefinition* found = Lookup(contents->definitions, version);
  return found == nullptr ? nullptr : &**found;
}

const Instance* MemoryPipelines::FindInstance(const InstanceKey& key) const {
  const Contents* contents = Lookup(contents_, key.pipeline);
  if (contents == nullptr) return nullptr;
  return Lookup(contents->instances, key);
}

std::vector<PipelineRecord> MemoryPipelines::List(const AccountId& account,
                                                  PipelineNumber after,
                                                  int limit) const {
  std::vector<PipelineRecord> found;
  for (auto it = contents_.upper_bound(after);
       it != contents_.end() && std::ssize(found) < limit; ++it) {
    const PipelineRecord& record = records_.at(it->first);
    if (record.account == account) found.push_back(record);
  }
  return found;
}

std::vector<ComponentRecord> MemoryPipelines::Components(
    PipelineNumber pipeline) const {
  std::vector<ComponentRecord> found;
  const Contents* contents = Lookup(contents_, pipeline);
  if (contents == nullptr) return found;
  for (const auto& entry : contents->components) found.push_back(entry.second);
  return found;
}

std::vector<Instance> MemoryPipelines::InstancesAt(PipelineNumber pipeline,
                                                   absl::Time start) const {
  std::vector<Instance> found;
  const Contents* contents = Lookup(contents_, pipeline);
  if (contents == nullptr) return found;
  for (auto it = contents->instances.lower_bound(Before(pipeline, start));
       it != contents->instances.end() && it->first.start == start; ++it) {
    found.push_back(it->second);
  }
  return found;
}

std::vector<Attempt> MemoryPipelines::AttemptsOf(
    const InstanceKey& instance) const {
  std::vector<Attempt> found;
  const Contents* contents = Lookup(contents_, instance.pipeline);
  if (contents == nullptr) return found;
  for (auto it = contents->attempts.lower_bound({instance, 0});
       it != contents->attempts.end() && it->first.instance == instance; ++it) {
    found.push_back(it->second);
  }
  return found;
}

InstancePage MemoryPipelines::ListInstances(
    const RunFilter& filter, const std::optional<InstanceKey>& after,
    int limit) const {
  InstancePage page;
  const Contents* contents = Lookup(contents_, filter.pipeline);
  if (contents == nullptr) return page;
  page.next_after = ReadPage(contents->instances, after, limit,
                             [&](const Instance& instance) {
                               if (!Matches(filter, instance)) return false;
                               page.instances.push_back(instance);
                               return true;
                             });
  return page;
}

AttemptPage MemoryPipelines::ListAttempts(
    const RunFilter& filter, const std::optional<AttemptKey>& after,
    int limit) const {
  AttemptPage page;
  const Contents* contents = Lookup(contents_, filter.pipeline);
  if (contents == nullptr) return page;
  page.next_after =
      ReadPage(contents->attempts, after, limit, [&](const Attempt& attempt) {
        const Instance* instance =
            Lookup(contents->instances, attempt.key.instance);
        if (instance == nullptr || !Matches(filter, attempt, instance->end)) {
          return false;
        }
        page.attempts.push_back(attempt);
        return true;
      });
  return page;
}

}  // namespace holdline
