// get, list, cancel, retry, run-now

#include <algorithm>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "client/command_line/task_text.h"
#include "client/command_line/verb.h"
#include "client/services.h"
#include "holdline/v1/task_queue.pb.h"

namespace holdline::client {
namespace {

constexpr int kPageMax = 1000;

struct NameOptions {
  std::string name;
  std::string reason;
};

struct ListOptions {
  std::string worker_group;
  std::vector<std::string> states;
  int limit = 100;
};

void DefineName(CLI::App& verb, NameOptions& options) {
  verb.add_option("NAME", options.name, "The task's name")->required();
}

void DefineCancel(CLI::App& verb, NameOptions& options) {
  DefineName(verb, options);
  verb.add_option("--reason", options.reason,
                  "The reason, shown with the task");
}

void DefineList(CLI::App& verb, ListOptions& options) {
  verb.add_option("--worker-group", options.worker_group,
                  "Only tasks of this worker group");
  AddRepeated(verb, "--state", options.states,
              "Only tasks in this state: DELAYED, READY, LEASED, FINISHED, "
              "FAILED or CANCELED; separate several by commas");
  verb.add_option("--limit", options.limit,
                  "The most tasks to show, newest first; 0: all")
      ->check(CLI::Range(0, 1000000000))
      ->capture_default_str();
}

absl::StatusOr<ExitCode> Print(Session& session,
                               const absl::StatusOr<v1::Task>& task,
                               std::string (*text)(const v1::Task&,
                                                   absl::Time)) {
  if (!task.ok()) return task.status();
  if (session.json) {
    WriteJson(*task, session.out);
  } else {
    session.out << absl::StripTrailingAsciiWhitespace(text(*task, absl::Now()))
                << "\n";
  }
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> Get(Session& session, const NameOptions& options) {
  v1::GetTaskRequest request;
  request.set_name(options.name);
  return Print(session, session.client.Call(&TaskQueue::GetTask, request),
               TaskText);
}

absl::StatusOr<ExitCode> Cancel(Session& session, const NameOptions& options) {
  v1::CancelTaskRequest request;
  request.set_name(options.name);
  if (!options.reason.empty()) request.set_reason(options.reason);
  return Print(session, session.client.Call(&TaskQueue::CancelTask, request),
               TaskSentence);
}

absl::StatusOr<ExitCode> Retry(Session& session, const NameOptions& options) {
  v1::RetryTaskRequest request;
  request.set_name(options.name);
  return Print(session, session.client.Call(&TaskQueue::RetryTask, request),
               TaskSentence);
}

absl::StatusOr<ExitCode> RunNow(Session& session, const NameOptions& options) {
  v1::RunTaskNowRequest request;
  request.set_name(options.name);
  return Print(session, session.client.Call(&TaskQueue::RunTaskNow, request),
               TaskSentence);
}

absl::StatusOr<v1::ListTasksRequest> RequestOf(const ListOptions& options) {
  v1::ListTasksRequest request;
  if (!options.worker_group.empty()) {
    request.set_worker_group(options.worker_group);
  }
  for (const std::string& some : options.states) {
    for (const std::string& name :
         std::vector<std::string>(absl::StrSplit(some, ','))) {
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
  }
  return request;
}

absl::StatusOr<ExitCode> List(Session& session, const ListOptions& options) {
  absl::StatusOr<v1::ListTasksRequest> request = RequestOf(options);
  if (!request.ok()) return request.status();
  std::vector<v1::Task> tasks;
  bool more = true;
  const auto wanted = [&] {
    return options.limit == 0
               ? kPageMax
               : std::min<int>(kPageMax,
                               options.limit - static_cast<int>(tasks.size()));
  };
  while (more && wanted() > 0) {
    request->set_page_size(wanted());
    const auto page = session.client.Call(&TaskQueue::ListTasks, *request);
    if (!page.ok()) return page.status();
    tasks.insert(tasks.end(), page->tasks().begin(), page->tasks().end());
    more = !page->next_page_token().empty();
    request->set_page_token(page->next_page_token());
  }
  if (session.json) {
    for (const v1::Task& task : tasks) WriteJson(task, session.out);
  } else if (tasks.empty()) {
    session.err << "No task matches.\n";
  } else {
    session.out << TaskTable(tasks, absl::Now());
  }
  if (more && session.interactive) {
    session.err << "There may be more: raise --limit; 0 shows all.\n";
  }
  return ExitCode::kDone;
}

}  // namespace

void AddTaskVerbs(CLI::App& app, Action& chosen) {
  AddVerb(app, "get", "Show a task with its attempts and objects", chosen,
          DefineName, Get);
  AddVerb(app, "list", "List tasks, newest first", chosen, DefineList, List);
  AddVerb(app, "cancel", "Cancel a task; its runner is told to stop", chosen,
          DefineCancel, Cancel);
  AddVerb(app, "retry", "Retry a failed or cancelled task", chosen, DefineName,
          Retry);
  AddVerb(app, "run-now", "Make a delayed task ready immediately", chosen,
          DefineName, RunNow);
}

}  // namespace holdline::client
