#include "server/store/memory/memory_pipelines.h"

#include <algorithm>
#include <iterator>

#include "server/store/run_filter.h"

namespace holdline {
namespace {

// Before every instance, and every attempt, that starts at `start`.
InstanceKey Before(PipelineNumber pipeline, absl::Time start) {
  return {.pipeline = pipeline, .start = start, .component = kNoComponent};
}

PipelineNumber PipelineOf(const InstanceKey& key) { return key.pipeline; }
PipelineNumber PipelineOf(const AttemptKey& key) {
  return key.instance.pipeline;
}

// Looks at the rows of one pipeline, from after `first` and `after` on, until
// `limit` were let through or the bound is reached. Returns the key to go on
// after, if there may be more.
template <typename Map, typename Let>
std::optional<typename Map::key_type> ReadPage(
    const Map& rows, const typename Map::key_type& first,
    const std::optional<typename Map::key_type>& after, int limit,
    Let let_through) {
  auto next = rows.upper_bound(std::max(first, after.value_or(first)));
  int let = 0;
  for (int examined = 0;
       next != rows.end() && PipelineOf(next->first) == PipelineOf(first);
       ++next, ++examined) {
    if (examined == kRunsExaminedMax || let == limit) {
      return std::prev(next)->first;
    }
    if (let_through(next->second)) ++let;
  }
  return std::nullopt;
}

}  // namespace

void MemoryPipelines::Store(const PipelineBatch& batch) {
  ForgetEnds(batch);
  rows_.Store(batch);
  for (const Instance& instance : batch.instances) {
    if (instance.ended_at == absl::InfiniteFuture()) continue;
    // None, if the batch deletes the pipeline.
    if (rows_.instances.contains(instance.key)) {
      ends_.emplace(instance.ended_at, instance.key);
    }
  }
}

void MemoryPipelines::ForgetEnds(const PipelineBatch& batch) {
  for (const Instance& instance : batch.instances) {
    const auto before = rows_.instances.find(instance.key);
    if (before == rows_.instances.end()) continue;
    ends_.erase({before->second.ended_at, instance.key});
  }
  for (const PipelineRecord& record : batch.pipelines) {
    if (record.state != PipelineState::kDeleted) continue;
    for (auto it = rows_.instances.lower_bound(
             Before(record.number, absl::InfinitePast()));
         it != rows_.instances.end() && it->first.pipeline == record.number;
         ++it) {
      ends_.erase({it->second.ended_at, it->first});
    }
  }
}

int MemoryPipelines::Trim(absl::Time ended_before, int limit) {
  int trimmed = 0;
  while (trimmed < limit && !ends_.empty() &&
         ends_.begin()->first < ended_before) {
    rows_.Erase(ends_.begin()->second);
    ends_.erase(ends_.begin());
    ++trimmed;
  }
  return trimmed;
}

std::optional<SharedDefinition> MemoryPipelines::ReadDefinition(
    PipelineNumber pipeline, int version) const {
  const auto found = rows_.definitions.find({pipeline, version});
  if (found == rows_.definitions.end()) return std::nullopt;
  return found->second;
}

std::vector<PipelineRecord> MemoryPipelines::List(const AccountId& account,
                                                  PipelineNumber after,
                                                  int limit) const {
  std::vector<PipelineRecord> found;
  for (auto it = rows_.pipelines.upper_bound(after);
       it != rows_.pipelines.end() && std::ssize(found) < limit; ++it) {
    if (it->second.account == account) found.push_back(it->second);
  }
  return found;
}

std::vector<ComponentRecord> MemoryPipelines::Components(
    PipelineNumber pipeline) const {
  std::vector<ComponentRecord> found;
  for (auto it = rows_.components.lower_bound({pipeline, kNoComponent});
       it != rows_.components.end() && it->first.first == pipeline; ++it) {
    found.push_back(it->second);
  }
  return found;
}

std::vector<Instance> MemoryPipelines::InstancesAt(PipelineNumber pipeline,
                                                   absl::Time start) const {
  std::vector<Instance> found;
  for (auto it = rows_.instances.lower_bound(Before(pipeline, start));
       it != rows_.instances.end() && it->first.pipeline == pipeline &&
       it->first.start == start;
       ++it) {
    found.push_back(it->second);
  }
  return found;
}

std::vector<Attempt> MemoryPipelines::AttemptsOf(
    const InstanceKey& instance) const {
  std::vector<Attempt> found;
  for (auto it = rows_.attempts.lower_bound({instance, 0});
       it != rows_.attempts.end() && it->first.instance == instance; ++it) {
    found.push_back(it->second);
  }
  return found;
}

InstancePage MemoryPipelines::ListInstances(
    const RunFilter& filter, const std::optional<InstanceKey>& after,
    int limit) const {
  InstancePage page;
  page.next_after =
      ReadPage(rows_.instances, Before(filter.pipeline, absl::InfinitePast()),
               after, limit, [&](const Instance& instance) {
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
  const AttemptKey first = {Before(filter.pipeline, absl::InfinitePast()), 0};
  page.next_after = ReadPage(
      rows_.attempts, first, after, limit, [&](const Attempt& attempt) {
        const auto instance = rows_.instances.find(attempt.key.instance);
        if (instance == rows_.instances.end() ||
            !Matches(filter, attempt, instance->second.end)) {
          return false;
        }
        page.attempts.push_back(attempt);
        return true;
      });
  return page;
}

}  // namespace holdline
