#include "client/command_line/pipelines/run_cause.h"

#include <algorithm>
#include <optional>
#include <set>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "client/command_line/pipelines/object_fields.h"
#include "client/command_line/pipelines/pipeline_text.h"
#include "client/command_line/pipelines/run_text.h"

namespace holdline::client {
namespace {

// What the server uses if a component does not say (DATAPIPELINE section 6.7).
constexpr int kActiveInstancesMax = 5;

// The groups of what the service itself would do in the cloud (section 4.4).
constexpr char kResourceGroup[] = "holdline.resources";
constexpr char kPreconditionGroup[] = "holdline.preconditions";

std::string Text(const v1::PipelineObject& object, const std::string& key) {
  return ValueOf(object.fields(), key);
}

bool IsAtWork(const v1::PipelineObject& run) {
  const std::string status = StatusOf(run);
  return status == "WAITING_FOR_RUNNER" || status == "CREATING" ||
         status == "RUNNING" || status == "SHUTTING_DOWN";
}

// Checked by the service itself, not by the runner of what it guards.
bool IsSystemManaged(const std::string& type) {
  return type == "S3KeyExists" || type == "S3PrefixNotEmpty" ||
         type == "DynamoDBDataExists" || type == "DynamoDBTableExists";
}

// ` at T` or nothing, ` and 2 others` or nothing, `: error` or nothing.
std::string At(const std::string& time) {
  return time.empty() ? "" : absl::StrCat(" at ", time);
}
std::string Others(size_t count) {
  if (count < 2) return "";
  return absl::StrCat(" (and ", CountText(count - 1, "other"), ")");
}
std::string Because(const std::string& error) {
  return error.empty() ? "" : absl::StrCat(": ", error);
}

// A word as a shell takes it.
std::string Word(const std::string& text) {
  if (text.find_first_of(" \t\n'\"\\$`&|;<>()*?[]#~!{}") == std::string::npos &&
      !text.empty()) {
    return text;
  }
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", "'\\''"}}), "'");
}

// How to serve a worker group.
std::string RunnerAdvice(const std::string& group) {
  if (group == kResourceGroup) {
    return "A resource launcher, such as resource_launcher.py, serves it.";
  }
  if (group == kPreconditionGroup) return "precondition_runner.py serves it.";
  return absl::StrCat("`holdline-runner --worker-group ", Word(group),
                      "` starts one.");
}

// Follows the chain. Each `About...` notes what is said of a run and returns
// the id of the run to look at next, empty if there is none.
class Inquiry {
 public:
  explicit Inquiry(const RunLookup& lookup) : lookup_(lookup) {}

  absl::StatusOr<RunCause> Inquire(std::string id) {
    absl::StatusOr<v1::PipelineObject> first = Find(id);
    if (!first.ok()) return first.status();
    if (Text(*first, "@sphere") == "COMPONENT") {
      return absl::InvalidArgumentError(
          absl::StrCat(id,
                       " is a component. Name one of its runs; `holdline "
                       "pipelines runs` lists them."));
    }
    if (Text(*first, "@sphere") == "ATTEMPT") {
      id = Text(*first, "@instanceParent");
    }
    absl::StatusOr<std::string> next = id;
    // What was seen is not looked at again: everything comes to an end.
    while (next.ok() && !next->empty() && seen_.insert(*next).second) {
      next = About(*next);
    }
    if (!next.ok()) return next.status();
    return cause_;
  }

 private:
  using Next = absl::StatusOr<std::string>;

  absl::StatusOr<v1::PipelineObject> Find(const std::string& id) {
    auto objects = lookup_.objects({id});
    if (!objects.ok()) return objects.status();
    if (objects->empty()) return absl::NotFoundError(id);
    return objects->front();
  }

  // Says something of a run that ends the inquiry or goes on with `next`.
  std::string Say(const v1::PipelineObject& run, const std::string& text,
                  const std::string& next = "") {
    cause_.steps.push_back(
        {.id = run.id(), .status = StatusOf(run), .text = text});
    return next;
  }

  std::string Root(const v1::PipelineObject& run, const std::string& text,
                   const std::string& advice) {
    cause_.advice = advice;
    return Say(run, text);
  }

  Next About(const std::string& id) {
    const absl::StatusOr<v1::PipelineObject> run = Find(id);
    if (absl::IsInvalidArgument(run.status()) ||
        absl::IsNotFound(run.status())) {
      cause_.steps.push_back(
          {.id = id, .status = "", .text = "does not exist yet"});
      return "";
    }
    if (!run.ok()) return run.status();
    const std::string status = StatusOf(*run);
    if (HasEnded(status)) return AboutEnded(*run);
    if (status == "WAITING_FOR_RUNNER") return AboutReady(*run);
    if (status == "CREATING") return AboutCreating(*run);
    if (status == "RUNNING") return AboutRunning(*run);
    if (status == "SHUTTING_DOWN") return Say(*run, "is SHUTTING_DOWN");
    return AboutWaiting(*run);
  }

  Next AboutEnded(const v1::PipelineObject& run) {
    const std::string status = StatusOf(run);
    const std::string at = At(Text(run, "@actualEndTime"));
    if (status == "SKIPPED") {
      return Say(
          run,
          "was SKIPPED: its interval is before the start given at activation");
    }
    const auto culprits = ReferencesOf(run.fields(), "@cascadeFailedOn");
    if (status == "CASCADE_FAILED" && !culprits.empty()) {
      return Say(run,
                 absl::StrCat("has CASCADE_FAILED", at, " with ", culprits[0],
                              Others(culprits.size())),
                 culprits[0]);
    }
    if (!HasFailed(status)) return Say(run, absl::StrCat("has FINISHED", at));
    const std::string count = Text(run, "@attemptCount");
    const std::string attempts = status != "FAILED" || count.empty()
                                     ? ""
                                     : absl::StrCat(" in attempt ", count);
    const auto advice = RerunAdvice(run);
    if (!advice.ok()) return advice.status();
    return Root(run,
                absl::StrCat(status == "CANCELED" ? "was " : "has ", status,
                             attempts, at, Because(ErrorText(run))),
                *advice);
  }

  absl::StatusOr<std::string> RerunAdvice(const v1::PipelineObject& run) {
    const auto pipeline = lookup_.pipeline();
    if (!pipeline.ok()) return pipeline.status();
    if (ValueOf(pipeline->fields(), "@pipelineState") == "FINISHED") {
      return "The pipeline has FINISHED: its runs stay as they are.";
    }
    return absl::StrCat(
        "`holdline pipelines rerun ", Pipeline(run), " ", Word(run.id()),
        "` runs it again; `mark-finished` counts it as finished.");
  }

  static std::string Pipeline(const v1::PipelineObject& run) {
    const std::string id = Text(run, "@pipelineId");
    return id.empty() ? "ID" : id;
  }

  Next AboutRunning(const v1::PipelineObject& run) {
    const std::string head = Text(run, "@headAttempt");
    std::string text = "is RUNNING";
    if (!head.empty()) {
      const auto attempt = Find(head);
      if (!attempt.ok()) return attempt.status();
      const std::string host = Text(*attempt, "hostname");
      const std::string reported = Text(*attempt, "reportProgressTime");
      absl::StrAppend(&text, ": ", host.empty() ? "a runner" : host,
                      " is at attempt ", Text(run, "@attemptCount"),
                      reported.empty() ? "" : " and reported last",
                      At(reported));
    }
    return Say(run, text);
  }

  // Whether it is kept from going on by hand, and then what is said of it.
  absl::StatusOr<bool> IsHeld(const v1::PipelineObject& run) {
    const auto pipeline = lookup_.pipeline();
    if (!pipeline.ok()) return pipeline.status();
    const std::string state = ValueOf(pipeline->fields(), "@pipelineState");
    if (state != "SCHEDULED" && !state.empty()) {
      Root(run, absl::StrCat("is held because the pipeline is ", state),
           absl::StrCat("`holdline pipelines activate ", Pipeline(run),
                        "` resumes it."));
      return true;
    }
    const std::string component = Text(run, "@componentParent");
    if (component.empty()) return false;
    const auto parent = Find(component);
    if (!parent.ok()) return parent.status();
    if (StatusOf(*parent) != "PAUSED") return false;
    Root(run, absl::StrCat("is held because ", component, " is PAUSED"),
         absl::StrCat("`holdline pipelines resume ", Pipeline(run), " ",
                      Word(component), "` resumes it."));
    return true;
  }

  Next AboutWaiting(const v1::PipelineObject& run) {
    const auto ids = ReferencesOf(run.fields(), "@waitingOn");
    if (!ids.empty()) {
      const std::string first = FirstToMatter(ids);
      return Say(run, absl::StrCat("waits for ", first, Others(ids.size())),
                 first);
    }
    const absl::StatusOr<bool> held = IsHeld(run);
    if (!held.ok()) return held.status();
    if (*held) return "";
    return AboutPlace(run);
  }

  // What will not pass by itself, or else what has not ended, or else the
  // first.
  std::string FirstToMatter(const std::vector<std::string>& ids) {
    const auto objects = lookup_.objects(ids);
    // One of them may not exist yet.
    if (!objects.ok()) return ids[0];
    const auto find = [&](bool (*matters)(const std::string&)) {
      return std::find_if(
          objects->begin(), objects->end(),
          [&](const auto& each) { return matters(StatusOf(each)); });
    };
    auto found = find(HasFailed);
    if (found == objects->end()) {
      found = find([](const std::string& status) { return !HasEnded(status); });
    }
    return found == objects->end() ? ids[0] : found->id();
  }

  // Whether others of its component are at work, as many as may be (section
  // 6.7).
  Next AboutPlace(const v1::PipelineObject& run) {
    const std::string component = Text(run, "@componentParent");
    const auto parent = Find(component);
    if (!parent.ok()) return parent.status();
    std::vector<v1::PipelineObject> at_work;
    const auto active = ReferencesOf(parent->fields(), "@activeInstances");
    if (!active.empty()) {
      auto objects = lookup_.objects(active);
      if (!objects.ok()) return objects.status();
      std::copy_if(objects->begin(), objects->end(),
                   std::back_inserter(at_work), IsAtWork);
    }
    int most = kActiveInstancesMax;
    (void)absl::SimpleAtoi(Text(run, "maxActiveInstances"), &most);
    if (at_work.empty() || at_work.size() < static_cast<size_t>(most)) {
      return Say(run, "has nothing left to wait for and is about to start");
    }
    return Say(run,
               absl::StrCat("waits because maxActiveInstances of ", component,
                            " is ", most, ", behind ", at_work[0].id()),
               at_work[0].id());
  }

  Next AboutReady(const v1::PipelineObject& run) {
    const absl::StatusOr<bool> held = IsHeld(run);
    if (!held.ok()) return held.status();
    if (*held) return "";
    const absl::StatusOr<std::string> delay = Delay(run);
    if (!delay.ok()) return delay.status();
    if (!delay->empty()) return Root(run, *delay, RunNowAdvice(run));
    const std::string machine = MachineOf(run);
    if (!machine.empty()) {
      const auto resource = Find(machine);
      if (!resource.ok() || StatusOf(*resource) != "RUNNING") {
        return Say(run, absl::StrCat("waits for its resource ", machine),
                   machine);
      }
      return AboutGroup(run, Text(*resource, "workerGroup"), "");
    }
    const absl::StatusOr<std::string> group = GroupOf(run);
    if (!group.ok()) return group.status();
    return AboutGroup(run, *group, "");
  }

  // The machine that it runs on; empty if it does not.
  static std::string MachineOf(const v1::PipelineObject& run) {
    const auto machines = ReferencesOf(run.fields(), "runsOn");
    return machines.empty() ? "" : machines[0];
  }

  absl::StatusOr<std::string> GroupOf(const v1::PipelineObject& run) {
    if (IsSystemManaged(Text(run, "type"))) return kPreconditionGroup;
    const std::string own = Text(run, "workerGroup");
    const auto guarded = ReferencesOf(run.fields(), "node");
    if (!own.empty() || guarded.empty()) return own;
    // A precondition goes where what it guards does.
    const auto owner = Find(guarded[0]);
    if (!owner.ok()) return owner.status();
    const std::string machine = MachineOf(*owner);
    if (machine.empty()) return Text(*owner, "workerGroup");
    const auto resource = Find(machine);
    if (!resource.ok()) return resource.status();
    return Text(*resource, "workerGroup");
  }

  // How to run an attempt that waits for its time; empty if the server does not
  // say which task it is.
  std::string RunNowAdvice(const v1::PipelineObject& run) {
    const auto attempt = Find(Text(run, "@headAttempt"));
    const std::string task = attempt.ok() ? Text(*attempt, "@taskName") : "";
    return task.empty()
               ? ""
               : absl::StrCat("`holdline run-now ", task, "` runs it now.");
  }

  // What is said of a run that waits for its next attempt; empty if it does
  // not.
  absl::StatusOr<std::string> Delay(const v1::PipelineObject& run) {
    const std::string head = Text(run, "@headAttempt");
    if (head.empty()) return "";
    const auto attempt = Find(head);
    if (!attempt.ok()) return attempt.status();
    const std::string due = Text(*attempt, "@actualStartTime");
    absl::Time time;
    if (!absl::ParseTime("%Y-%m-%d%ET%H:%M:%S", due, absl::UTCTimeZone(), &time,
                         nullptr) ||
        time <= lookup_.now) {
      return "";
    }
    int number = 0;
    (void)absl::SimpleAtoi(Text(run, "@attemptCount"), &number);
    if (!Text(run, "currentRetryCount").empty()) {
      return absl::StrCat("is not met yet, and is checked again at ", due);
    }
    std::string error;
    if (number > 1) {
      const auto before = Find(absl::StrCat(run.id(), "_Attempt=", number - 1));
      if (before.ok()) error = ErrorText(*before);
    }
    return absl::StrCat("waits for its attempt ", number, " at ", due,
                        ", because the previous one failed", Because(error));
  }

  Next AboutCreating(const v1::PipelineObject& run) {
    const std::string head = Text(run, "@headAttempt");
    if (!head.empty()) {
      const auto attempt = Find(head);
      if (!attempt.ok()) return attempt.status();
      const std::string host = Text(*attempt, "hostname");
      if (!host.empty()) {
        return AboutGroup(run, Text(run, "workerGroup"),
                          absl::StrCat("is being started by ", host, ": "));
      }
    }
    return AboutGroup(run, kResourceGroup, "");
  }

  // Who serves the worker group that something ready is for.
  Next AboutGroup(const v1::PipelineObject& run, const std::string& name,
                  const std::string& begin) {
    if (name.empty())
      return Say(run, absl::StrCat(begin, "waits for a runner"));
    const auto group = lookup_.group(name);
    if (!group.ok()) return group.status();
    const std::string of = absl::StrCat(" of the worker group ", name);
    if (group->paused()) {
      return Root(
          run,
          absl::StrCat(begin, "waits because the worker group ", name,
                       " is paused"),
          absl::StrCat("`holdline resume ", Word(name), "` resumes it."));
    }
    if (group->parked_calls() > group->resting_calls()) {
      return Say(run, absl::StrCat(begin, "is ready, and a runner", of,
                                   " is free: it is about to start"));
    }
    if (group->leased_tasks() > 0) {
      return Say(
          run,
          absl::StrCat(
              begin, "waits for a runner", of, ": all are busy with ",
              CountText(static_cast<size_t>(group->leased_tasks()), "task"),
              ", and ",
              CountText(static_cast<size_t>(group->ready_tasks()), "task"),
              " wait"));
    }
    return Root(run,
                absl::StrCat(begin, "waits for a runner", of,
                             ", and none polls for it"),
                RunnerAdvice(name));
  }

  const RunLookup& lookup_;
  RunCause cause_;
  std::set<std::string> seen_;
};

}  // namespace

absl::StatusOr<RunCause> CauseOf(const std::string& id,
                                 const RunLookup& lookup) {
  return Inquiry(lookup).Inquire(id);
}

std::string CauseSentence(const RunCause& cause) {
  std::string sentence;
  for (const RunCause::Step& step : cause.steps) {
    absl::StrAppend(&sentence,
                    sentence.empty() ? absl::StrCat(step.id, " ") : ", which ",
                    step.text);
  }
  // What others have said may end in one already.
  return absl::StrCat(absl::StripSuffix(sentence, "."), ".");
}

}  // namespace holdline::client
