// groups, group, pause, resume, drain, undrain, runners, drain-runner,
// undrain-runner: the operator's part

#include <string>
#include <vector>

#include "CLI/Option.hpp"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/command_line/age.h"
#include "client/command_line/follow_groups.h"
#include "client/command_line/group_text.h"
#include "client/command_line/interruption.h"
#include "client/command_line/verb/proto_time.h"
#include "client/command_line/verb/table.h"
#include "client/command_line/verb/verb.h"
#include "client/command_line/verbs.h"
#include "client/command_line/watched_groups.h"
#include "client/services.h"
#include "holdline/v1/operator.pb.h"

namespace holdline::client {
namespace {

constexpr int kPageMax = 1000;

struct NoOptions {};

struct GroupsOptions {
  bool watch = false;
  std::string interval = "1s";
};

struct NameOptions {
  std::string name;
};

void DefineNothing(CLI::App&, NoOptions&) {}

void DefineGroups(CLI::App& verb, GroupsOptions& options) {
  CLI::Option* watch = verb.add_flag(
      "--watch", options.watch,
      "Go on with a line for each group that changes, until Ctrl-C");
  verb.add_option("--interval", options.interval,
                  "The time between two looks, from 100ms to 1m")
      ->capture_default_str()
      ->needs(watch);
}

void DefineGroup(CLI::App& verb, NameOptions& options) {
  verb.add_option("GROUP", options.name, "The worker group")->required();
}

void DefineRunner(CLI::App& verb, NameOptions& options) {
  verb.add_option("RUNNER", options.name,
                  "The runner's id, or a hostname for all runners on that host")
      ->required();
}

void PrintGroups(Session& session, const std::vector<v1::Group>& groups) {
  if (session.json) {
    for (const v1::Group& group : groups) WriteJson(group, session.out);
    return;
  }
  Table table({"GROUP", "READY", "OLDEST READY", "DELAYED", "AT WORK",
               "POLLS HELD", "SETTING"});
  for (const v1::Group& group : groups) {
    table.Add({group.worker_group(), absl::StrCat(group.ready_tasks()),
               OldestText(group, absl::Now()),
               absl::StrCat(group.delayed_tasks()),
               absl::StrCat(group.leased_tasks()), PollsText(group),
               GroupSetting(group)});
  }
  session.out << table.Text();
}

void PrintRunners(Session& session, const std::vector<v1::Runner>& runners) {
  if (session.json) {
    for (const v1::Runner& runner : runners) WriteJson(runner, session.out);
    return;
  }
  Table table({"RUNNER", "HOST", "GROUP", "LAST SEEN", "POLLS HELD", "TASKS",
               "SETTING"});
  for (const v1::Runner& runner : runners) {
    table.Add({runner.name(), runner.hostname(), runner.worker_group(),
               runner.has_last_seen_time()
                   ? AgeText(FromProto(runner.last_seen_time()), absl::Now())
                   : "",
               absl::StrCat(runner.parked_calls()),
               absl::StrCat(runner.leased_tasks()),
               runner.draining() ? "draining" : "open"});
  }
  session.out << table.Text();
}

// Prints what a message of a watch says.
void PrintChange(Session& session, const v1::WatchGroupsResponse& message,
                 WatchedGroups& watched) {
  const bool begins = !watched.complete();
  const WatchedGroups::Change change = watched.Take(message);
  if (session.json) {
    WriteJson(message, session.out);
  } else {
    const absl::Time now = absl::Now();
    const std::string time =
        absl::FormatTime("%H:%M:%S  ", now, absl::LocalTimeZone());
    for (const v1::Group& group : change.groups) {
      session.out << time << GroupLine(group, now) << "\n";
    }
    for (const std::string& name : change.gone) {
      session.out << time << Printable(name) << ": gone\n";
    }
    if (begins && watched.complete() && watched.groups().empty()) {
      session.err << "No worker group is in use yet.\n";
    }
  }
  session.out << std::flush;
}

absl::StatusOr<ExitCode> Watch(Session& session, const std::string& interval) {
  const auto request = WatchRequest(interval);
  if (!request.ok()) return request.status();
  Interruption interruption;
  WatchedGroups watched;
  bool lost = false;
  const absl::Status status = FollowGroups(
      session.client, *request, interruption.cancellation(),
      {.on_message =
           [&](const v1::WatchGroupsResponse& message) {
             if (lost) session.err << "holdline: the server is there again.\n";
             lost = false;
             PrintChange(session, message, watched);
             return session.out.good();
           },
       .on_lost =
           [&](const absl::Status& why) {
             session.err << "holdline: the watch has ended (" << why.message()
                         << "); trying again.\n";
             lost = true;
           }});
  if (!status.ok()) return status;
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> Groups(Session& session,
                                const GroupsOptions& options) {
  if (options.watch) return Watch(session, options.interval);
  std::vector<v1::Group> groups;
  v1::ListGroupsRequest request;
  request.set_page_size(kPageMax);
  do {
    const auto page = session.client.Call(&Operator::ListGroups, request);
    if (!page.ok()) return page.status();
    groups.insert(groups.end(), page->groups().begin(), page->groups().end());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  if (groups.empty() && !session.json) {
    session.err << "No worker group is in use.\n";
    return ExitCode::kDone;
  }
  PrintGroups(session, groups);
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> Runners(Session& session, const NoOptions&) {
  std::vector<v1::Runner> runners;
  v1::ListRunnersRequest request;
  request.set_page_size(kPageMax);
  do {
    const auto page = session.client.Call(&Operator::ListRunners, request);
    if (!page.ok()) return page.status();
    runners.insert(runners.end(), page->runners().begin(),
                   page->runners().end());
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  if (runners.empty() && !session.json) {
    session.err << "No runner was seen in the last day.\n";
    return ExitCode::kDone;
  }
  PrintRunners(session, runners);
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> GetGroup(Session& session,
                                  const NameOptions& options) {
  v1::GetGroupRequest request;
  request.set_worker_group(options.name);
  const auto group = session.client.Call(&Operator::GetGroup, request);
  if (!group.ok()) return group.status();
  PrintGroups(session, {*group});
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> UpdateGroup(Session& session,
                                     const v1::UpdateGroupRequest& request) {
  const auto group = session.client.Call(&Operator::UpdateGroup, request);
  if (!group.ok()) return group.status();
  PrintGroups(session, {*group});
  return ExitCode::kDone;
}

template <bool paused>
absl::StatusOr<ExitCode> SetPaused(Session& session,
                                   const NameOptions& options) {
  v1::UpdateGroupRequest request;
  request.set_worker_group(options.name);
  request.set_paused(paused);
  return UpdateGroup(session, request);
}

template <bool draining>
absl::StatusOr<ExitCode> SetDraining(Session& session,
                                     const NameOptions& options) {
  v1::UpdateGroupRequest request;
  request.set_worker_group(options.name);
  request.set_draining(draining);
  return UpdateGroup(session, request);
}

template <bool draining>
absl::StatusOr<ExitCode> SetRunnerDraining(Session& session,
                                           const NameOptions& options) {
  v1::UpdateRunnerRequest request;
  request.set_name(options.name);
  request.set_draining(draining);
  const auto runner = session.client.Call(&Operator::UpdateRunner, request);
  if (!runner.ok()) return runner.status();
  PrintRunners(session, {*runner});
  return ExitCode::kDone;
}

}  // namespace

void AddGroupVerbs(CLI::App& app, Action& chosen) {
  AddVerb(app, "groups", "List worker groups", chosen, DefineGroups, Groups);
  AddVerb(app, "group", "Show a worker group", chosen, DefineGroup, GetGroup);
  AddVerb(app, "pause", "Stop handing out tasks of a group", chosen,
          DefineGroup, SetPaused<true>);
  AddVerb(app, "resume", "Hand out tasks of a paused group again", chosen,
          DefineGroup, SetPaused<false>);
  AddVerb(app, "drain", "Stop accepting new tasks for a group", chosen,
          DefineGroup, SetDraining<true>);
  AddVerb(app, "undrain", "Accept new tasks for a group again", chosen,
          DefineGroup, SetDraining<false>);
  AddVerb(app, "runners", "List runners", chosen, DefineNothing, Runners);
  AddVerb(app, "drain-runner", "Give a runner no further tasks", chosen,
          DefineRunner, SetRunnerDraining<true>);
  AddVerb(app, "undrain-runner", "Give a runner tasks again", chosen,
          DefineRunner, SetRunnerDraining<false>);
}

}  // namespace holdline::client
