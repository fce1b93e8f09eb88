#include "server/pipeline/run_index.h"

namespace holdline {

void RunIndex::Change(const Instance* before, const Instance* after) {
  // Added first, so that what it belongs to is not forgotten in between.
  if (after != nullptr) Count(*after, 1);
  if (before != nullptr) {
    const bool may_be_ready =
        after != nullptr && after->waiting_on.empty() &&
        after->status == RunStatus::kWaitingOnDependencies;
    if (!may_be_ready) {
      components_.at(ComponentOf(before->key)).ready.erase(before->key);
    }
    Count(*before, -1);
  }
  const TaskId task_before = before == nullptr ? TaskId{} : before->task;
  const TaskId task_after = after == nullptr ? TaskId{} : after->task;
  if (task_before != task_after) {
    if (task_before != TaskId{}) tasks_.erase(task_before);
    if (task_after != TaskId{}) tasks_[task_after] = after->key;
  }
  if (before != nullptr && after != nullptr &&
      before->waiting_on == after->waiting_on) {
    return;
  }
  if (before != nullptr) RemoveWaiting(*before);
  if (after != nullptr) AddWaiting(*after);
}

void RunIndex::AddWaiting(const Instance& instance) {
  for (const InstanceKey& key : instance.waiting_on) {
    waiting_[key].insert(instance.key);
  }
}

void RunIndex::RemoveWaiting(const Instance& instance) {
  for (const InstanceKey& key : instance.waiting_on) {
    const auto found = waiting_.find(key);
    if (found == waiting_.end()) continue;
    found->second.erase(instance.key);
    if (found->second.empty()) waiting_.erase(found);
  }
}

void RunIndex::Count(const Instance& instance, int by) {
  int64_t& live = pipelines_[instance.key.pipeline];
  live += by;
  if (live == 0) pipelines_.erase(instance.key.pipeline);
  const ComponentKey key = ComponentOf(instance.key);
  OfComponent& component = components_[key];
  component.live += by;
  if (IsActive(instance.status) && !instance.rerun) component.places += by;
  if (component.live == 0) components_.erase(key);
}

std::vector<InstanceKey> RunIndex::WaitingFor(const InstanceKey& key) const {
  const auto found = waiting_.find(key);
  if (found == waiting_.end()) return {};
  return {found->second.begin(), found->second.end()};
}

const InstanceKey* RunIndex::OfTask(TaskId task) const {
  const auto found = tasks_.find(task);
  return found == tasks_.end() ? nullptr : &found->second;
}

int64_t RunIndex::Live(PipelineNumber pipeline) const {
  const auto found = pipelines_.find(pipeline);
  return found == pipelines_.end() ? 0 : found->second;
}

int64_t RunIndex::Live(const ComponentKey& component) const {
  const auto found = components_.find(component);
  return found == components_.end() ? 0 : found->second.live;
}

int RunIndex::Places(const ComponentKey& component) const {
  const auto found = components_.find(component);
  return found == components_.end() ? 0 : found->second.places;
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
