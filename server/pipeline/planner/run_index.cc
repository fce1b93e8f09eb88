#include "server/pipeline/planner/run_index.h"

namespace holdline {

void RunIndex::Change(const Instance* before, const Instance* after,
                      const RunRole& role) {
  // Added first, so that what it belongs to is not forgotten in between.
  if (after != nullptr) Count(*after, role.family, 1);
  if (before != nullptr) {
    const bool may_be_ready =
        after != nullptr && after->waiting_on.empty() &&
        after->status == RunStatus::kWaitingOnDependencies;
    if (!may_be_ready) {
      components_.at(ComponentOf(before->key)).ready.erase(before->key);
    }
    Count(*before, role.family, -1);
  }
  const TaskId task_before = before == nullptr ? TaskId{} : before->task;
  const TaskId task_after = after == nullptr ? TaskId{} : after->task;
  if (task_before != task_after) {
    if (task_before != TaskId{}) tasks_.erase(task_before);
    if (task_after != TaskId{}) tasks_[task_after] = after->key;
  }
  if (role.machine.has_value() && before == nullptr && after != nullptr) {
    Use(*role.machine, after->key, role.family);
  } else if (role.machine.has_value() && before != nullptr &&
             after == nullptr) {
    Leave(*role.machine, before->key);
  }
  ChangeWaiting(before, after);
}

void RunIndex::Use(const InstanceKey& machine, const InstanceKey& user,
                   ObjectFamily family) {
  if (family == ObjectFamily::kActivity) {
    machines_[machine].activities.insert(user);
  } else if (family == ObjectFamily::kPrecondition) {
    machines_[machine].preconditions.insert(user);
  }
}

void RunIndex::Leave(const InstanceKey& machine, const InstanceKey& user) {
  const auto found = machines_.find(machine);
  if (found == machines_.end()) return;
  OfMachine& users = found->second;
  users.activities.erase(user);
  users.preconditions.erase(user);
  if (users.activities.empty() && users.preconditions.empty()) {
    machines_.erase(found);
  }
}

// What is struck off a list leaves the rest in order, so that both lists are
// walked side by side: nothing is looked up that has stayed.
void RunIndex::ChangeWaiting(const Instance* before, const Instance* after) {
  static const auto& none = *new std::vector<InstanceKey>;
  const auto& kept = after == nullptr ? none : after->waiting_on;
  size_t place = 0;
  if (before != nullptr) {
    for (const InstanceKey& key : before->waiting_on) {
      if (place < kept.size() && kept[place] == key) {
        ++place;
      } else {
        RemoveWaiting(before->key, key);
      }
    }
  }
  for (; place < kept.size(); ++place) waiting_[kept[place]].insert(after->key);
}

void RunIndex::RemoveWaiting(const InstanceKey& waiting,
                             const InstanceKey& key) {
  const auto found = waiting_.find(key);
  if (found == waiting_.end()) return;
  found->second.erase(waiting);
  if (found->second.empty()) waiting_.erase(found);
}

void RunIndex::Count(const Instance& instance, ObjectFamily family, int by) {
  OfPipeline& pipeline = pipelines_[instance.key.pipeline];
  pipeline.live += by;
  if (instance.status == RunStatus::kRunning &&
      family != ObjectFamily::kResource) {
    pipeline.running += by;
  }
  if (pipeline.live == 0) pipelines_.erase(instance.key.pipeline);
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

bool RunIndex::Waits(const InstanceKey& waiting, const InstanceKey& key) const {
  const auto found = waiting_.find(key);
  return found != waiting_.end() && found->second.contains(waiting);
}

std::vector<InstanceKey> RunIndex::RunningOn(const InstanceKey& machine) const {
  const auto found = machines_.find(machine);
  if (found == machines_.end()) return {};
  const OfMachine& users = found->second;
  std::vector<InstanceKey> keys(users.activities.begin(),
                                users.activities.end());
  keys.insert(keys.end(), users.preconditions.begin(),
              users.preconditions.end());
  return keys;
}

bool RunIndex::IsInUse(const InstanceKey& machine) const {
  return machines_.contains(machine);
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
