#include "server/store/task_filter.h"

#include "absl/algorithm/container.h"

namespace holdline {
namespace {

bool AnyCondition(const TaskFilter& filter) {
  return filter.delayed || filter.ready || filter.leased || filter.finished ||
         filter.failed || filter.canceled;
}

bool MatchesCondition(const TaskFilter& filter, const TaskState& state) {
  switch (state.phase) {
    case Phase::kWaiting:
      return state.ready_at > filter.now ? filter.delayed : filter.ready;
    case Phase::kLeased:
      return filter.leased;
    case Phase::kFinished:
      return filter.finished;
    case Phase::kFailed:
      return filter.failed;
    case Phase::kCanceled:
      return filter.canceled;
  }
  return false;
}

}  // namespace

bool Matches(const TaskFilter& filter, const Task& task) {
  const GroupKey& group = task.spec.group;
  return group.account == filter.account &&
         (!filter.worker_group || group.name == *filter.worker_group) &&
         absl::c_includes(task.spec.labels, filter.labels) &&
         (!AnyCondition(filter) || MatchesCondition(filter, task.state));
}

bool OnlyLive(const TaskFilter& filter) {
  return AnyCondition(filter) && !filter.finished && !filter.failed &&
         !filter.canceled;
}

}  // namespace holdline
