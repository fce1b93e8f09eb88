// A fake disk of tasks and pipelines, for tests.

#ifndef HOLDLINE_SERVER_PIPELINE_TESTING_PIPELINE_DISK_H_
#define HOLDLINE_SERVER_PIPELINE_TESTING_PIPELINE_DISK_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "server/broker/batch.h"
#include "server/broker/state.h"
#include "server/pipeline/model/batch.h"

namespace holdline {

struct PipelineDisk {
  State state;
  std::map<TaskId, Task> ended_tasks;
  std::map<PipelineNumber, PipelineRecord> pipelines;
  std::set<std::string> deleted;
  std::map<std::pair<PipelineNumber, int>, SharedDefinition> definitions;
  std::map<std::pair<PipelineNumber, ComponentNumber>, ComponentRecord>
      components;
  std::map<InstanceKey, Instance> instances;
  std::map<AttemptKey, Attempt> attempts;
  std::map<NotificationNumber, Notification> notifications;
  PipelineCounters counters;

  std::optional<Instance> Read(const InstanceKey& key) const {
    const auto found = instances.find(key);
    if (found == instances.end()) return std::nullopt;
    return found->second;
  }

  void Store(const Batch& tasks, const PipelineBatch& batch) {
    StoreTasks(tasks);
    for (const PipelineRecord& record : batch.pipelines) {
      if (record.state == PipelineState::kDeleted) {
        Delete(record);
      } else {
        pipelines.insert_or_assign(record.number, record);
      }
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
    if (!batch.empty()) counters = batch.counters;
  }

  PipelineRows Load() const {
    PipelineRows rows;
    for (const auto& [number, record] : pipelines) {
      rows.pipelines.push_back(record);
    }
    for (const auto& [key, definition] : definitions) {
      rows.definitions.push_back({key.first, key.second, definition});
    }
    for (const auto& [key, record] : components) {
      rows.components.push_back(record);
    }
    for (const auto& [key, instance] : instances) {
      if (!HasEnded(instance.status)) rows.instances.push_back(instance);
    }
    for (const auto& [key, attempt] : attempts) {
      const bool live = !HasEnded(instances.at(key.instance).status);
      if (live && !HasEnded(attempt.status)) rows.attempts.push_back(attempt);
    }
    for (const auto& [number, notification] : notifications) {
      rows.notifications.push_back(notification);
    }
    rows.counters = counters;
    return rows;
  }

 private:
  void StoreTasks(const Batch& batch) {
    if (batch.empty()) return;
    for (const NewTask& task : batch.new_tasks) {
      state.tasks[task.id] = Task{task.id, task.spec, {}};
    }
    for (const ChangedTask& changed : batch.changed_tasks) {
      Task& task = state.tasks.at(changed.id);
      task.state = changed.state;
      if (!IsFinal(task.state.phase)) continue;
      ended_tasks.insert_or_assign(task.id, task);
      state.tasks.erase(changed.id);
    }
    state.SetNumbers(batch);
  }

  void Delete(const PipelineRecord& record) {
    deleted.insert(record.id);
    pipelines.erase(record.number);
    const auto of = [&](const auto& entry) {
      return entry.first.first == record.number;
    };
    std::erase_if(definitions, of);
    std::erase_if(components, of);
    std::erase_if(instances, [&](const auto& entry) {
      return entry.first.pipeline == record.number;
    });
    std::erase_if(attempts, [&](const auto& entry) {
      return entry.first.instance.pipeline == record.number;
    });
  }
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_TESTING_PIPELINE_DISK_H_
