#include "server/pipeline/planner/run_index.h"

namespace holdline {

namespace {

std::optional<InstanceKey> NextIn(const absl::btree_set<InstanceKey>& keys,
                                  const std::optional<InstanceKey>& after) {
  const auto next = after.has_value() ? keys.upper_bound(*after) : keys.begin();
  if (next == keys.end()) return std::nullopt;
  return *next;
}

}  // namespace

void RunIndex::Add(const Instance& instance, const RunRole& role) {
  const InstanceKey& key = instance.key;
  ++pipelines_[key.pipeline].live;
  ++components_[ComponentOf(key)].live;
  Count(key, StandingOf(instance), role.family, 1);
  if (instance.task != TaskId{}) tasks_[instance.task] = key;
  if (role.resource.has_value()) Use(*role.resource, key, role.family);
  for (const InstanceKey& dependency : instance.waiting_on) {
    StartWaiting(key, dependency);
  }
}

void RunIndex::Change(const InstanceKey& key, const RunStanding& before,
                      const RunStanding& after, ObjectFamily family) {
  if (before.status != after.status || before.rerun != after.rerun) {
    Count(key, before, family, -1);
    Count(key, after, family, 1);
  }
  if (before.task != after.task) {
    if (before.task != TaskId{}) tasks_.erase(before.task);
    if (after.task != TaskId{}) tasks_[after.task] = key;
  }
  if (after.status != RunStatus::kWaitingOnDependencies) {
    components_.at(ComponentOf(key)).ready.erase(key);
  }
}

void RunIndex::Remove(const InstanceKey& key, const RunStanding& before,
                      const RunRole& role) {
  Count(key, before, role.family, -1);
  if (before.task != TaskId{}) tasks_.erase(before.task);
  if (role.resource.has_value()) Leave(*role.resource, key);
  const auto pipeline = pipelines_.find(key.pipeline);
  if (--pipeline->second.live == 0) pipelines_.erase(pipeline);
  const auto component = components_.find(ComponentOf(key));
  component->second.ready.erase(key);
  if (--component->second.live == 0) components_.erase(component);
}

void RunIndex::Use(const InstanceKey& resource, const InstanceKey& user,
                   ObjectFamily family) {
  if (family == ObjectFamily::kActivity) {
    resources_[resource].activities.insert(user);
  } else if (family == ObjectFamily::kPrecondition) {
    resources_[resource].preconditions.insert(user);
  }
}

void RunIndex::Leave(const InstanceKey& resource, const InstanceKey& user) {
  const auto found = resources_.find(resource);
  if (found == resources_.end()) return;
  OfResource& users = found->second;
  users.activities.erase(user);
  users.preconditions.erase(user);
  if (users.activities.empty() && users.preconditions.empty()) {
    resources_.erase(found);
  }
}

// An instance that waits for a dependency is not ready.
void RunIndex::StartWaiting(const InstanceKey& waiting,
                            const InstanceKey& key) {
  waiting_[key].insert(waiting);
  components_.at(ComponentOf(waiting)).ready.erase(waiting);
}

void RunIndex::StopWaiting(const InstanceKey& waiting, const InstanceKey& key) {
  const auto found = waiting_.find(key);
  if (found == waiting_.end()) return;
  found->second.erase(waiting);
  if (found->second.empty()) waiting_.erase(found);
}

void RunIndex::Count(const InstanceKey& key, const RunStanding& standing,
                     ObjectFamily family, int by) {
  if (standing.status == RunStatus::kRunning &&
      family != ObjectFamily::kResource) {
    pipelines_.at(key.pipeline).running += by;
  }
  if (IsActive(standing.status) && !standing.rerun) {
    components_.at(ComponentOf(key)).slots += by;
  }
}

bool RunIndex::Waits(const InstanceKey& waiting, const InstanceKey& key) const {
  const auto found = waiting_.find(key);
  return found != waiting_.end() && found->second.contains(waiting);
}

bool RunIndex::IsAwaited(const InstanceKey& key) const {
  return waiting_.contains(key);
}

std::optional<InstanceKey> RunIndex::NextWaiting(
    const InstanceKey& key, const std::optional<InstanceKey>& after) const {
  const auto found = waiting_.find(key);
  if (found == waiting_.end()) return std::nullopt;
  return NextIn(found->second, after);
}

std::optional<InstanceKey> RunIndex::NextUser(
    const InstanceKey& resource, ObjectFamily family,
    const std::optional<InstanceKey>& after) const {
  const auto found = resources_.find(resource);
  if (found == resources_.end()) return std::nullopt;
  const OfResource& users = found->second;
  return NextIn(family == ObjectFamily::kActivity ? users.activities
                                                  : users.preconditions,
                after);
}

bool RunIndex::Uses(const InstanceKey& user,
                    const InstanceKey& resource) const {
  const auto found = resources_.find(resource);
  return found != resources_.end() &&
         (found->second.activities.contains(user) ||
          found->second.preconditions.contains(user));
}

bool RunIndex::IsInUse(const InstanceKey& resource) const {
  return resources_.contains(resource);
}

const InstanceKey* RunIndex::OfTask(TaskId task) const {
  const auto found = tasks_.find(task);
  return found == tasks_.end() ? nullptr : &found->second;
}

int64_t RunIndex::Live(PipelineNumber pipeline) const {
  const auto found = pipelines_.find(pipeline);
  return found == pipelines_.end() ? 0 : found->second.live;
}

int64_t RunIndex::Running(PipelineNumber pipeline) const {
  const auto found = pipelines_.find(pipeline);
  return found == pipelines_.end() ? 0 : found->second.running;
}

int64_t RunIndex::Live(const ComponentKey& component) const {
  const auto found = components_.find(component);
  return found == components_.end() ? 0 : found->second.live;
}

int RunIndex::SlotsInUse(const ComponentKey& component) const {
  const auto found = components_.find(component);
  return found == components_.end() ? 0 : found->second.slots;
}

void RunIndex::AddReady(const InstanceKey& key) {
  components_[ComponentOf(key)].ready.insert(key);
}

const InstanceKey* RunIndex::FirstReady(const ComponentKey& component) const {
  const auto found = components_.find(component);
  if (found == components_.end() || found->second.ready.empty()) return nullptr;
  return &*found->second.ready.begin();
}

bool RunIndex::IsReady(const InstanceKey& key) const {
  const auto found = components_.find(ComponentOf(key));
  return found != components_.end() && found->second.ready.contains(key);
}

}  // namespace holdline
