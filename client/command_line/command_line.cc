#include "client/command_line/command_line.h"

#include <optional>
#include <utility>

#include "CLI/App.hpp"
#include "CLI/Config.hpp"
#include "CLI/Formatter.hpp"
#include "CLI/Option.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "client/command_line/explain.h"
#include "client/command_line/pipelines/pipelines.h"
#include "client/command_line/verb/nearest.h"
#include "client/command_line/verb/verb.h"
#include "client/command_line/verbs.h"
#include "client/connection_arguments.h"
#include "client/holdline_client.h"

namespace holdline::client {
namespace {

// A person waits: long enough for a server that is just starting again.
constexpr absl::Duration kRetryFor = absl::Seconds(5);

constexpr char kFooter[] =
    "Exit codes:\n"
    "  0  done; wait: every task FINISHED\n"
    "  1  wait, pipelines runs --follow: one FAILED or was CANCELED;\n"
    "     pipelines validate, put-definition: there are errors;\n"
    "     poll, report, heartbeat: told to stop\n"
    "  2  the command line is wrong\n"
    "  3  wait: not ended in time; poll: no task came\n"
    "  4  the server refused the request\n"
    "  5  no server answered\n"
    "\n"
    "Example:\n"
    "  holdline submit --worker-group demo --type ShellCommandActivity \\\n"
    "      --field command=\"echo hello\"\n"
    "  holdline wait task-1 && holdline get task-1";

struct GlobalOptions {
  ConnectionArguments connection;
  bool json = false;
};

void Define(CLI::App& app, GlobalOptions& options, Action& chosen) {
  app.require_subcommand(1);
  DefineConnection(app, options.connection);
  app.add_flag("--json", options.json,
               "Print results as JSON, one object a line");
  AddSubmit(app, chosen);
  AddWait(app, chosen);
  AddTaskVerbs(app, chosen);
  AddRunnerVerbs(app, chosen);
  AddGroupVerbs(app, chosen);
  AddTop(app, chosen);
  AddPipelines(app, chosen);
  AddCredentialVerbs(app, chosen);
  AddShellVerbs(app, chosen);
  // Last, because a verb takes over the footer that is there.
  app.footer(kFooter);
}

std::string Suggestion(const std::string& typed,
                       const std::vector<std::string>& names) {
  const std::optional<std::string> nearest = Nearest(typed, names);
  return nearest.has_value() ? absl::StrCat(" Did you mean ", *nearest, "?")
                             : "";
}

// The verb that was typed, within its group if it was in one; the group if no
// verb of it was; `app` if nothing was.
const CLI::App& Typed(const CLI::App& app) {
  const CLI::App* typed = &app;
  while (!typed->get_subcommands().empty()) {
    typed = typed->get_subcommands().front();
  }
  return *typed;
}

// The name as it is typed, and a space: `pipelines list `; nothing for the
// program itself.
std::string Path(const CLI::App& verb) {
  const CLI::App* parent = verb.get_parent();
  if (parent == nullptr) return "";
  return absl::StrCat(Path(*parent), verb.get_name(), " ");
}

std::string UnknownVerb(const CLI::App& group, const std::string& typed) {
  std::vector<std::string> names;
  for (const CLI::App* verb : group.get_subcommands(nullptr)) {
    names.push_back(verb->get_name());
  }
  return absl::StrCat("There is no command ", Path(group), typed, ".",
                      Suggestion(typed, names));
}

std::string UnknownOption(const CLI::App& verb, const std::string& typed) {
  std::vector<std::string> names;
  for (const CLI::App* owner = &verb; owner != nullptr;
       owner = owner->get_parent()) {
    for (const CLI::Option* option : owner->get_options()) {
      for (const std::string& name : option->get_lnames()) {
        names.push_back(absl::StrCat("--", name));
      }
    }
  }
  const std::string name = typed.substr(0, typed.find('='));
  const std::string path = Path(verb);
  return absl::StrCat("There is no option ", name,
                      path.empty() ? "" : absl::StrCat(" of ", verb.get_name()),
                      ".", Suggestion(name, names));
}

// What is wrong with the command line, and what may have been meant.
std::string UsageError(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& verb = Typed(app);
  const bool is_group = !verb.get_subcommands(nullptr).empty();
  const std::vector<std::string> left = app.remaining(true);
  if (left.empty()) {
    if (!is_group) return absl::StrCat(error.what(), ".");
    const std::string path = Path(verb);
    return path.empty()
               ? "Which command?"
               : absl::StrCat("Which command of ", verb.get_name(), "?");
  }
  if (absl::StartsWith(left[0], "-")) return UnknownOption(verb, left[0]);
  if (is_group) return UnknownVerb(verb, left[0]);
  return absl::StrCat(verb.get_name(), " takes no argument ", left[0], ".");
}

}  // namespace

ExitCode RunCommandLine(const std::vector<std::string>& arguments,
                        std::ostream& out, std::ostream& err,
                        bool interactive) {
  CLI::App app(
      "Submits, inspects and manages tasks and pipelines of a Holdline server.",
      "holdline");
  GlobalOptions options;
  Action chosen;
  Define(app, options, chosen);
  try {
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {
      app.exit(error, out, err);
      return ExitCode::kDone;
    }
    err << "holdline: " << UsageError(app, error)
        << "\n`holdline --help` shows the commands, `holdline COMMAND --help` "
           "the options of one.\n";
    return ExitCode::kUsage;
  }
  const absl::StatusOr<Connection> connection = Open(options.connection);
  if (!connection.ok()) {
    err << "holdline: " << connection.status().message() << "\n";
    return ExitCode::kUsage;
  }
  Client client(connection->channel,
                {.retry_for = kRetryFor, .access_key = connection->access_key});
  Session session = {.client = client,
                     .out = out,
                     .err = err,
                     .json = options.json,
                     .interactive = interactive};
  const absl::StatusOr<ExitCode> result = chosen(session);
  if (result.ok()) return *result;
  err << "holdline: " << Explain(result.status(), options.connection.address)
      << "\n";
  return ExitCodeOf(result.status());
}

}  // namespace holdline::client
