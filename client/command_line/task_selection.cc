#include "client/command_line/task_selection.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/command_line/verb/field_argument.h"
#include "client/services.h"

namespace holdline::client {
namespace {

constexpr int kPageMax = 1000;

absl::Status AddStates(const std::string& text, v1::ListTasksRequest& request) {
  for (const std::string& name :
       std::vector<std::string>(absl::StrSplit(text, ','))) {
    v1::Task::State state;
    if (!v1::Task::State_Parse(absl::AsciiStrToUpper(name), &state) ||
        state == v1::Task::UNSPECIFIED) {
      return absl::InvalidArgumentError(
          absl::StrCat("--state ", name,
                       " is not one of DELAYED, READY, LEASED, FINISHED, "
                       "FAILED and CANCELED."));
    }
    request.add_states(state);
  }
  return absl::OkStatus();
}

}  // namespace

void DefineMatch(CLI::App& verb, TaskMatch& match) {
  verb.add_option("--worker-group", match.worker_group,
                  "Only tasks of this worker group");
  AddRepeated(verb, "--state", match.states,
              "Only tasks in this state: DELAYED, READY, LEASED, FINISHED, "
              "FAILED or CANCELED; separate several by commas");
  AddRepeated(verb, "--label", match.labels,
              "KEY=VALUE: only tasks with this label; several must all fit");
}

absl::StatusOr<v1::ListTasksRequest> ListRequest(const TaskMatch& match) {
  v1::ListTasksRequest request;
  if (!match.worker_group.empty()) {
    request.set_worker_group(match.worker_group);
  }
  for (const std::string& some : match.states) {
    const absl::Status status = AddStates(some, request);
    if (!status.ok()) return status;
  }
  const absl::Status status =
      AddLabels(match.labels, *request.mutable_labels());
  if (!status.ok()) return status;
  return request;
}

absl::StatusOr<TaskList> ListTasks(Session& session,
                                   v1::ListTasksRequest request, int limit) {
  TaskList list;
  list.more = true;
  const auto wanted = [&] {
    return limit == 0
               ? kPageMax
               : std::min<int>(kPageMax,
                               limit - static_cast<int>(list.tasks.size()));
  };
  while (list.more && wanted() > 0) {
    request.set_page_size(wanted());
    const auto page = session.client.Call(&TaskQueue::ListTasks, request);
    if (!page.ok()) return page.status();
    list.tasks.insert(list.tasks.end(), page->tasks().begin(),
                      page->tasks().end());
    list.more = !page->next_page_token().empty();
    request.set_page_token(page->next_page_token());
  }
  return list;
}

}  // namespace holdline::client
