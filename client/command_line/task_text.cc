#include "client/command_line/task_text.h"

#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/command_line/age.h"
#include "client/command_line/verb/proto_time.h"
#include "client/command_line/verb/table.h"

namespace holdline::client {
namespace {

std::string StateName(v1::Task::State state) {
  return v1::Task::State_Name(state);
}

std::string Age(bool present, const google::protobuf::Timestamp& time,
                absl::Time now) {
  return present ? AgeText(FromProto(time), now) : "";
}

std::string Length(bool present, const google::protobuf::Duration& length) {
  return present ? LengthText(FromProto(length)) : "";
}

const v1::Attempt& LastAttempt(const v1::Task& task) {
  return task.attempts().empty() ? v1::Attempt::default_instance()
                                 : *task.attempts().rbegin();
}

// `ExitCode, exit code 1`, or as much of it as there is, in one line.
std::string Error(const v1::Attempt& attempt) {
  const std::string first_line =
      attempt.error_message().substr(0, attempt.error_message().find('\n'));
  return absl::StrCat(
      attempt.error_id(),
      !attempt.error_id().empty() && !first_line.empty() ? ", " : "",
      first_line);
}

// Since when the task has been in its state, or until when it stays.
std::string StateAge(const v1::Task& task, absl::Time now) {
  switch (task.state()) {
    case v1::Task::DELAYED:
      return absl::StrCat("ready ",
                          Age(task.has_ready_time(), task.ready_time(), now));
    case v1::Task::READY:
      return Age(task.has_ready_time(), task.ready_time(), now);
    case v1::Task::LEASED:
      return Age(LastAttempt(task).has_start_time(),
                 LastAttempt(task).start_time(), now);
    default:
      return Age(task.has_end_time(), task.end_time(), now);
  }
}

std::string Note(const v1::Task& task) {
  if (task.state() == v1::Task::CANCELED) return task.cancellation_reason();
  if (task.state() == v1::Task::LEASED) {
    return absl::StrCat("on ", LastAttempt(task).hostname());
  }
  return task.state() == v1::Task::FINISHED ? "" : Error(LastAttempt(task));
}

std::string RetryText(const v1::Task& task) {
  const v1::RetryPolicy& policy = task.retry_policy();
  std::string text =
      absl::StrCat(policy.attempts(), " attempts, ", task.attempts_left(),
                   " left, delay ", Length(policy.has_delay(), policy.delay()));
  if (policy.backoff() > 1) {
    absl::StrAppend(&text, " times ", policy.backoff(), " each, at most ",
                    Length(policy.has_delay_max(), policy.delay_max()));
  }
  if (policy.jitter() > 0) {
    absl::StrAppend(&text, ", jitter ", policy.jitter());
  }
  return text;
}

// `region=eu,team=payments`, in the order of the keys.
std::string LabelsText(const v1::Task& task) {
  const std::map<std::string, std::string> labels(task.labels().begin(),
                                                  task.labels().end());
  return absl::StrJoin(labels, ",", absl::PairFormatter("="));
}

std::string Indented(const std::string& text) {
  std::string indented;
  for (const char character : text) {
    indented += character;
    if (character == '\n') indented += "    ";
  }
  return indented;
}

// The runner if its poll named it, or else the host, and the cloud's name for
// the host if that is known.
std::string RunnerText(const v1::Attempt& attempt) {
  const std::string& runner = attempt.has_taskrunner_id()
                                  ? attempt.taskrunner_id()
                                  : attempt.hostname();
  return attempt.has_instance_arn()
             ? absl::StrCat(runner, " (", attempt.instance_arn(), ")")
             : runner;
}

std::string AttemptsText(const v1::Task& task, absl::Time now) {
  if (task.attempts().empty()) return "";
  Table table({"ATTEMPT", "RUNNER", "STARTED", "ACKNOWLEDGED", "LAST REPORT",
               "ENDED", "OUTCOME", "ERROR"});
  for (const v1::Attempt& attempt : task.attempts()) {
    table.Add(
        {absl::StrCat(attempt.number()), RunnerText(attempt),
         Age(attempt.has_start_time(), attempt.start_time(), now),
         Age(attempt.has_acknowledge_time(), attempt.acknowledge_time(), now),
         Age(attempt.has_progress_time(), attempt.progress_time(), now),
         Age(attempt.has_end_time(), attempt.end_time(), now),
         attempt.has_outcome() ? StateName(attempt.outcome()) : "",
         Error(attempt)});
  }
  std::string text = absl::StrCat("\n", table.Text("  "));
  const std::string& message = LastAttempt(task).error_message();
  if (message.find('\n') != std::string::npos) {
    absl::StrAppend(&text, "\n  The last error in full:\n    ",
                    Indented(message), "\n");
  }
  return text;
}

template <class Fields>
std::string FieldsText(const Fields& fields, const std::string& indent) {
  Table table({"", ""});
  for (const v1::Field& field : fields) {
    table.Add({field.key(), field.has_ref_value()
                                ? absl::StrCat("-> ", field.ref_value())
                                : field.string_value()});
  }
  return table.Text(indent);
}

std::string ObjectsText(const v1::TaskObject& task) {
  std::string text;
  for (const auto& [id, object] : task.objects()) {
    absl::StrAppend(&text, "\n  ", id, "\n",
                    FieldsText(object.fields(), "    "));
  }
  return text;
}

}  // namespace

bool IsFinal(v1::Task::State state) {
  return state == v1::Task::FINISHED || state == v1::Task::FAILED ||
         state == v1::Task::CANCELED;
}

std::string TaskSentence(const v1::Task& task, absl::Time now) {
  const std::string note = Note(task);
  return absl::StrCat(task.name(), " ", StateName(task.state()), " ",
                      StateAge(task, now), note.empty() ? "" : ": ", note);
}

std::string TaskText(const v1::Task& task, absl::Time now) {
  Table facts({"", ""});
  facts.Add({"worker group", task.worker_group()});
  facts.Add({"type", task.type()});
  facts.Add(
      {"submitted", Age(task.has_submit_time(), task.submit_time(), now)});
  facts.Add({"ready", Age(task.has_ready_time(), task.ready_time(), now)});
  facts.Add({"priority", absl::StrCat(task.priority())});
  facts.Add({"fairness key", task.fairness_key()});
  facts.Add({"labels", LabelsText(task)});
  facts.Add({"retries", RetryText(task)});
  facts.Add({"acknowledge within", Length(task.has_acknowledge_timeout(),
                                          task.acknowledge_timeout())});
  facts.Add({"report within", Length(task.has_report_progress_timeout(),
                                     task.report_progress_timeout())});
  facts.Add({"attempt ends within",
             Length(task.has_attempt_timeout(), task.attempt_timeout())});
  std::string text = absl::StrCat(TaskSentence(task, now), "\n",
                                  facts.Text("  "), AttemptsText(task, now));
  if (!task.progress().empty()) {
    absl::StrAppend(&text, "\n  Progress:\n",
                    FieldsText(task.progress(), "    "));
  }
  return absl::StrCat(text, ObjectsText(task.task_object()));
}

std::string TaskTable(const std::vector<v1::Task>& tasks, absl::Time now,
                      bool wide) {
  std::vector<std::string> headings = {"NAME", "STATE",   "SINCE",    "GROUP",
                                       "TYPE", "ATTEMPT", "SUBMITTED"};
  const std::vector<std::string> more = {"PRIORITY", "FAIRNESS KEY", "LABELS"};
  if (wide) headings.insert(headings.end(), more.begin(), more.end());
  headings.push_back("NOTE");
  Table table(headings);
  for (const v1::Task& task : tasks) {
    std::vector<std::string> cells = {
        task.name(),
        StateName(task.state()),
        StateAge(task, now),
        task.worker_group(),
        task.type(),
        absl::StrCat(LastAttempt(task).number()),
        Age(task.has_submit_time(), task.submit_time(), now)};
    if (wide) {
      cells.insert(cells.end(), {absl::StrCat(task.priority()),
                                 task.fairness_key(), LabelsText(task)});
    }
    cells.push_back(Note(task));
    table.Add(std::move(cells));
  }
  return table.Text();
}

std::string TaskObjectText(const v1::TaskObject& task) {
  Table facts({"", ""});
  facts.Add({"taskId", task.task_id()});
  facts.Add({"pipelineId", task.pipeline_id()});
  facts.Add({"attemptId", task.attempt_id()});
  return absl::StrCat(facts.Text(), ObjectsText(task));
}

}  // namespace holdline::client
