#include "server/rpc/services/task_queue_service.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "server/contract/validation.h"
#include "server/queries/task_message.h"
#include "server/queries/task_object.h"
#include "server/rpc/access/authorization.h"
#include "server/rpc/call/answer.h"
#include "server/rpc/services/submission.h"

namespace holdline {
namespace {

constexpr int kPageSizeDefault = 100;

// `task-7`, or `task-7 and 2 more`.
std::string Describe(const std::vector<TaskId>& tasks) {
  if (tasks.empty()) return "";
  const std::string first = TaskName(tasks.front());
  return tasks.size() == 1
             ? first
             : absl::StrCat(first, " and ", tasks.size() - 1, " more");
}

absl::Status NoSuchTask() {
  return absl::NotFoundError("no task has this name");
}

// Answers a call with a task, or refuses it if the task cannot be told.
void AnswerWithTask(const Task& task, const TaskHistory& history,
                    UnaryCall* call) {
  v1::Task message;
  const absl::Status status =
      FillTaskWithHistory(task, history, absl::Now(), &message);
  if (!status.ok()) return call->Refuse(status);
  call->Answer(message);
}

void AddStates(const v1::ListTasksRequest& request, TaskFilter* filter) {
  for (const int state : request.states()) {
    filter->delayed |= state == v1::Task::DELAYED;
    filter->ready |= state == v1::Task::READY;
    filter->leased |= state == v1::Task::LEASED;
    filter->finished |= state == v1::Task::FINISHED;
    filter->failed |= state == v1::Task::FAILED;
    filter->canceled |= state == v1::Task::CANCELED;
  }
}

TaskFilter FilterOf(const AccountId& account,
                    const v1::ListTasksRequest& request) {
  TaskFilter filter;
  filter.account = account;
  if (request.has_worker_group()) filter.worker_group = request.worker_group();
  filter.labels = Labels(request.labels().begin(), request.labels().end());
  AddStates(request, &filter);
  filter.now = absl::Now();
  filter.limit =
      request.has_page_size() ? request.page_size() : kPageSizeDefault;
  return filter;
}

// Where the page begins: below this number.
absl::StatusOr<TaskNumber> PageStart(const AccountId& account,
                                     const v1::ListTasksRequest& request,
                                     const PageMarkers& markers) {
  if (!request.has_page_token()) return TaskNumber{UINT64_MAX};
  const std::optional<std::string> place =
      markers.Read(account, QuestionOf(request), request.page_token());
  uint64_t before = 0;
  if (!place.has_value() || !absl::SimpleAtoi(*place, &before)) {
    return ConstraintError(
        "pageToken",
        "Member must be a nextPageToken from a response to the same request");
  }
  return TaskNumber{before};
}

}  // namespace

MethodTable::Handlers TaskQueueService::Handlers() {
  using Self = TaskQueueService;
  return {
      {"SubmitTasks", Bind(this, &Self::SubmitTasks)},
      {"GetTask", Bind(this, &Self::GetTask)},
      {"ListTasks", Bind(this, &Self::ListTasks)},
      {"WaitForTask", Bind(this, &Self::WaitForTask)},
      {"CancelTask", Bind(this, &Self::CancelTask)},
      {"RetryTask", Bind(this, &Self::RetryTask)},
      {"RunTaskNow", Bind(this, &Self::RunTaskNow)},
      {"ReleaseTask", Bind(this, &Self::ReleaseTask)},
  };
}

void TaskQueueService::SubmitTasks(v1::SubmitTasksRequest& request,
                                   UnaryCall* call) {
  absl::StatusOr<Submit> submit = MakeSubmit(
      call->account(), std::move(request), call->arrived_at(), payload_max_);
  if (!submit.ok()) return call->Refuse(submit.status());
  const Reach reach = call->caller().SteeringReach();
  for (const Submission& submission : submit->tasks) {
    if (!Reaches(reach, submission.spec.group.name)) {
      return call->Refuse(
          AccessDenied(call->caller(), "taskqueue:SubmitTasks"));
    }
  }
  call->Ask(*std::move(submit),
            OnAnswer<SubmitAnswer>(call, [call](const SubmitAnswer& answer) {
              call->About(Describe(answer.tasks));
              v1::SubmitTasksResponse response;
              for (const TaskId task : answer.tasks) {
                response.add_names(TaskName(task));
              }
              call->Answer(response);
            }));
}

void TaskQueueService::GetTask(const v1::GetTaskRequest& request,
                               UnaryCall* call) {
  const absl::StatusOr<TaskNumber> task = ParseTaskName(request.name());
  if (!task.ok()) return call->Refuse(task.status());
  call->About(TaskName(*task));
  history_->Get(
      call->account(), *task,
      [call](const absl::StatusOr<std::optional<TaskHistory>>& history) {
        if (!history.ok()) return call->Refuse(history.status());
        if (!history->has_value() ||
            !Reaches(call->caller().ReadingReach(),
                     (*history)->task.spec.group.name)) {
          return call->Refuse(NoSuchTask());
        }
        AnswerWithTask((*history)->task, **history, call);
      });
}

void TaskQueueService::ListTasks(const v1::ListTasksRequest& request,
                                 UnaryCall* call) {
  const absl::StatusOr<TaskNumber> before =
      PageStart(call->account(), request, *markers_);
  if (!before.ok()) return call->Refuse(before.status());
  TaskFilter filter = FilterOf(call->account(), request);
  const absl::Time now = filter.now;
  history_->List(std::move(filter), *before,
                 [this, call, now, question = QuestionOf(request)](
                     const absl::StatusOr<TaskPage>& page) {
                   if (!page.ok()) return call->Refuse(page.status());
                   const Reach reach = call->caller().ReadingReach();
                   v1::ListTasksResponse response;
                   for (const Task& task : page->tasks) {
                     if (!Reaches(reach, task.spec.group.name)) continue;
                     FillTask(task, now, response.add_tasks());
                   }
                   if (page->next_before.has_value()) {
                     response.set_next_page_token(
                         markers_->Write(call->account(), question,
                                         absl::StrCat(static_cast<uint64_t>(
                                             NumberOf(*page->next_before)))));
                   }
                   call->Answer(response);
                 });
}

void TaskQueueService::WaitForTask(const v1::WaitForTaskRequest& request,
                                   UnaryCall* call) {
  const absl::StatusOr<TaskNumber> task = ParseTaskName(request.name());
  if (!task.ok()) return call->Refuse(task.status());
  call->About(TaskName(*task));
  AskForTask(Wait{call->account(), *task, holding_->Until(*call),
                  call->caller().ReadingReach()},
             call);
}

void TaskQueueService::CancelTask(const v1::CancelTaskRequest& request,
                                  UnaryCall* call) {
  const absl::StatusOr<TaskNumber> task = ParseTaskName(request.name());
  if (!task.ok()) return call->Refuse(task.status());
  call->About(TaskName(*task));
  AskForTask(Cancel{call->account(), *task, request.reason(),
                    call->caller().SteeringReach()},
             call);
}

void TaskQueueService::RetryTask(const v1::RetryTaskRequest& request,
                                 UnaryCall* call) {
  const absl::StatusOr<TaskNumber> task = ParseTaskName(request.name());
  if (!task.ok()) return call->Refuse(task.status());
  call->About(TaskName(*task));
  AskForTask(Retry{call->account(), *task, call->caller().SteeringReach()},
             call);
}

void TaskQueueService::RunTaskNow(const v1::RunTaskNowRequest& request,
                                  UnaryCall* call) {
  const absl::StatusOr<TaskNumber> task = ParseTaskName(request.name());
  if (!task.ok()) return call->Refuse(task.status());
  call->About(TaskName(*task));
  // Operators may do so too, and read of all worker groups.
  AskForTask(RunNow{call->account(), *task, call->caller().ReadingReach()},
             call);
}

void TaskQueueService::ReleaseTask(const v1::ReleaseTaskRequest& request,
                                   UnaryCall* call) {
  const absl::StatusOr<LeaseName> lease =
      tokens_->Read(call->account(), request.task_id());
  if (!lease.ok()) return call->Refuse(lease.status());
  call->About(TaskName(lease->task));
  call->Ask(ReleaseLease{lease->task, lease->lease},
            OnAnswer<Done>(call, [call](Done) {
              call->Answer(v1::ReleaseTaskResponse());
            }));
}

void TaskQueueService::AskForTask(CommandBody command, UnaryCall* call) {
  call->Ask(std::move(command),
            OnAnswer<TaskAnswer>(call, [this, call](const TaskAnswer& answer) {
              AnswerWithHistory(answer.task, call);
            }));
}

void TaskQueueService::AnswerWithHistory(const Task& task, UnaryCall* call) {
  history_->Get(
      call->account(), NumberOf(task.id),
      [call, task](const absl::StatusOr<std::optional<TaskHistory>>& history) {
        if (!history.ok()) return call->Refuse(history.status());
        if (!history->has_value()) return call->Refuse(NoSuchTask());
        AnswerWithTask(task, **history, call);
      });
}

}  // namespace holdline
