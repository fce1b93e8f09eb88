// get, list, cancel, retry, run-now

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/time/clock.h"
#include "client/command_line/task_selection.h"
#include "client/command_line/task_text.h"
#include "client/command_line/verb/verb.h"
#include "client/command_line/verbs.h"
#include "client/services.h"
#include "holdline/v1/task_queue.pb.h"

namespace holdline::client {
namespace {

// Whose tasks: those that are named, or all that match.
struct ChangeOptions {
  std::vector<std::string> names;
  TaskMatch match;
  std::string reason;
};

struct GetOptions {
  std::string name;
};

struct ListOptions {
  TaskMatch match;
  int limit = 100;
  std::string output = "table";
};

void DefineGet(CLI::App& verb, GetOptions& options) {
  verb.add_option("NAME", options.name, "The task's name")->required();
}

void DefineChange(CLI::App& verb, ChangeOptions& options) {
  verb.add_option("NAME", options.names,
                  "The tasks' names; without one, all tasks that match");
  DefineMatch(verb, options.match);
}

void DefineCancel(CLI::App& verb, ChangeOptions& options) {
  DefineChange(verb, options);
  verb.add_option("--reason", options.reason,
                  "The reason, shown with the task");
}

void DefineList(CLI::App& verb, ListOptions& options) {
  DefineMatch(verb, options.match);
  verb.add_option("--limit", options.limit,
                  "The most tasks to show, newest first; 0: all")
      ->check(CLI::Range(0, 1000000000))
      ->capture_default_str();
  verb.add_option("-o,--output", options.output,
                  "table, or wide: with priority, fairness key and labels")
      ->check(CLI::IsMember({"table", "wide"}))
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

absl::StatusOr<ExitCode> Get(Session& session, const GetOptions& options) {
  v1::GetTaskRequest request;
  request.set_name(options.name);
  return Print(session, session.client.Call(&TaskQueue::GetTask, request),
               TaskText);
}

// What a verb does to one task.
using Change = absl::FunctionRef<absl::StatusOr<v1::Task>(const std::string&)>;

// Does it to all that match and are in one of `states`, unless others were
// asked for. What has become of a task meanwhile is told and is no error.
absl::StatusOr<ExitCode> ChangeMatching(Session& session, TaskMatch match,
                                        const std::string& states,
                                        Change change) {
  if (match.states.empty()) match.states = {states};
  const absl::StatusOr<v1::ListTasksRequest> request = ListRequest(match);
  if (!request.ok()) return request.status();
  const absl::StatusOr<TaskList> list = ListTasks(session, *request, 0);
  if (!list.ok()) return list.status();
  if (list->tasks.empty()) session.err << "No task matches.\n";
  for (const v1::Task& task : list->tasks) {
    const absl::StatusOr<v1::Task> changed = change(task.name());
    if (changed.status().code() == absl::StatusCode::kFailedPrecondition ||
        changed.status().code() == absl::StatusCode::kNotFound) {
      session.err << task.name() << ": " << changed.status().message() << "\n";
      continue;
    }
    const auto printed = Print(session, changed, TaskSentence);
    if (!printed.ok()) return printed;
  }
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> ChangeTasks(Session& session,
                                     const ChangeOptions& options,
                                     const std::string& states, Change change) {
  if (options.names.empty() == options.match.empty()) {
    return absl::InvalidArgumentError(
        "Name the tasks, or say which by --worker-group, --state or --label.");
  }
  if (options.names.empty()) {
    return ChangeMatching(session, options.match, states, change);
  }
  for (const std::string& name : options.names) {
    const auto printed = Print(session, change(name), TaskSentence);
    if (!printed.ok()) return printed;
  }
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> Cancel(Session& session,
                                const ChangeOptions& options) {
  return ChangeTasks(
      session, options, "DELAYED,READY,LEASED", [&](const std::string& name) {
        v1::CancelTaskRequest request;
        request.set_name(name);
        if (!options.reason.empty()) request.set_reason(options.reason);
        return session.client.Call(&TaskQueue::CancelTask, request);
      });
}

absl::StatusOr<ExitCode> Retry(Session& session, const ChangeOptions& options) {
  return ChangeTasks(
      session, options, "FAILED,CANCELED", [&](const std::string& name) {
        v1::RetryTaskRequest request;
        request.set_name(name);
        return session.client.Call(&TaskQueue::RetryTask, request);
      });
}

absl::StatusOr<ExitCode> RunNow(Session& session,
                                const ChangeOptions& options) {
  return ChangeTasks(session, options, "DELAYED", [&](const std::string& name) {
    v1::RunTaskNowRequest request;
    request.set_name(name);
    return session.client.Call(&TaskQueue::RunTaskNow, request);
  });
}

absl::StatusOr<ExitCode> List(Session& session, const ListOptions& options) {
  const absl::StatusOr<v1::ListTasksRequest> request =
      ListRequest(options.match);
  if (!request.ok()) return request.status();
  const absl::StatusOr<TaskList> list =
      ListTasks(session, *request, options.limit);
  if (!list.ok()) return list.status();
  if (session.json) {
    for (const v1::Task& task : list->tasks) WriteJson(task, session.out);
  } else if (list->tasks.empty()) {
    session.err << "No task matches.\n";
  } else {
    session.out << TaskTable(list->tasks, absl::Now(),
                             options.output == "wide");
  }
  if (list->more && session.interactive) {
    session.err << "There may be more: raise --limit, or 0 for all.\n";
  }
  return ExitCode::kDone;
}

}  // namespace

void AddTaskVerbs(CLI::App& app, Action& chosen) {
  AddVerb(app, "get", "Show a task with its attempts and objects", chosen,
          DefineGet, Get);
  AddVerb(app, "list", "List tasks, newest first", chosen, DefineList, List);
  AddVerb(app, "cancel", "Cancel tasks; their runners are told to stop", chosen,
          DefineCancel, Cancel);
  AddVerb(app, "retry", "Retry failed or cancelled tasks", chosen, DefineChange,
          Retry);
  AddVerb(app, "run-now", "Make delayed tasks ready immediately", chosen,
          DefineChange, RunNow);
}

}  // namespace holdline::client
