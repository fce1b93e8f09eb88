// version, completion

#include <string>

#include "client/command_line/completion.h"
#include "client/command_line/verb/verb.h"
#include "client/command_line/verbs.h"
#include "client/version.h"

namespace holdline::client {
namespace {

struct NoOptions {};

struct CompletionOptions {
  const CLI::App* app = nullptr;
  std::string shell;
};

void DefineNothing(CLI::App&, NoOptions&) {}

void DefineCompletion(CLI::App& verb, CompletionOptions& options) {
  options.app = verb.get_parent();
  verb.add_option("SHELL", options.shell, "bash, zsh or fish")
      ->required()
      ->check(CLI::IsMember({"bash", "zsh", "fish"}));
}

absl::StatusOr<ExitCode> Version(Session& session, const NoOptions&) {
  session.out << "holdline " << kVersion << "\n";
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> Completion(Session& session,
                                    const CompletionOptions& options) {
  const CLI::App& app = *options.app;
  session.out << (options.shell == "bash"  ? BashCompletion(app)
                  : options.shell == "zsh" ? ZshCompletion(app)
                                           : FishCompletion(app));
  return ExitCode::kDone;
}

}  // namespace

void AddShellVerbs(CLI::App& app, Action& chosen) {
  AddVerb(app, "version", "Print the version", chosen, DefineNothing, Version);
  AddVerb(app, "completion", "Print a shell completion script", chosen,
          DefineCompletion, Completion);
}

}  // namespace holdline::client
