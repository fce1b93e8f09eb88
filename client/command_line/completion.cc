#include "client/command_line/completion.h"

#include <vector>

#include "CLI/Option.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"

namespace holdline::client {
namespace {

struct Choice {
  std::string name;
  std::string description;

  // Whether a value follows it.
  bool takes_value = false;
};

std::vector<Choice> Options(const CLI::App& app) {
  std::vector<Choice> choices;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      choices.push_back({.name = name,
                         .description = option->get_description(),
                         .takes_value = option->get_expected_min() > 0});
    }
  }
  return choices;
}

std::vector<const CLI::App*> Verbs(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

std::string Quoted(const std::string& text) {
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", "'\\''"}}), "'");
}

std::string OptionWords(const CLI::App& app) {
  return absl::StrJoin(Options(app), " ",
                       [](std::string* out, const Choice& choice) {
                         absl::StrAppend(out, "--", choice.name);
                       });
}

std::string VerbWords(const CLI::App& app, const char* separator) {
  return absl::StrJoin(Verbs(app), separator,
                       [](std::string* out, const CLI::App* verb) {
                         absl::StrAppend(out, verb->get_name());
                       });
}

// `'name:description'` for each, as zsh's _describe wants them.
std::string Described(const std::vector<Choice>& choices,
                      const std::string& prefix) {
  return absl::StrJoin(
      choices, " ", [&](std::string* out, const Choice& choice) {
        absl::StrAppend(out, Quoted(absl::StrCat(prefix, choice.name, ":",
                                                 choice.description)));
      });
}

}  // namespace

std::string BashCompletion(const CLI::App& app) {
  const std::string name = app.get_name();
  std::string script = absl::StrCat(
      "# Completion for ", name, ". Use: source <(", name,
      " completion bash)\n_", name,
      "() {\n"
      "  local current=${COMP_WORDS[COMP_CWORD]} verb= word words\n"
      "  for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
      "    case $word in\n      ",
      VerbWords(app, "|"),
      ") verb=$word; break ;;\n"
      "    esac\n  done\n"
      "  case $verb in\n    '') words='",
      VerbWords(app, " "), " ", OptionWords(app), "' ;;\n");
  for (const CLI::App* verb : Verbs(app)) {
    absl::StrAppend(&script, "    ", verb->get_name(), ") words='",
                    OptionWords(*verb), "' ;;\n");
  }
  absl::StrAppend(&script,
                  "  esac\n"
                  "  COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
                  "}\ncomplete -o default -F _",
                  name, " ", name, "\n");
  return script;
}

std::string ZshCompletion(const CLI::App& app) {
  const std::string name = app.get_name();
  std::vector<Choice> verbs;
  for (const CLI::App* verb : Verbs(app)) {
    verbs.push_back(
        {.name = verb->get_name(), .description = verb->get_description()});
  }
  std::string script = absl::StrCat(
      "#compdef ", name, "\n# Completion for ", name, ". Use: source <(", name,
      " completion zsh)\n_", name,
      "() {\n"
      "  local verb word\n  local -a choices\n"
      "  for word in ${words[2,CURRENT-1]}; do\n"
      "    case $word in\n      (",
      VerbWords(app, "|"),
      ") verb=$word; break ;;\n"
      "    esac\n  done\n"
      "  case $verb in\n    ('') choices=(",
      Described(verbs, ""), " ", Described(Options(app), "--"), ") ;;\n");
  for (const CLI::App* verb : Verbs(app)) {
    absl::StrAppend(&script, "    (", verb->get_name(), ") choices=(",
                    Described(Options(*verb), "--"), ") ;;\n");
  }
  absl::StrAppend(&script,
                  "  esac\n"
                  "  _describe 'command or option' choices || _files\n"
                  "}\n(( $+functions[compdef] )) && compdef _",
                  name, " ", name, "\n");
  return script;
}

std::string FishCompletion(const CLI::App& app) {
  const std::string name = app.get_name();
  std::string script = absl::StrCat("# Completion for ", name, ". Use: ", name,
                                    " completion fish | source\n");
  const auto add_options = [&](const CLI::App& of, const std::string& where) {
    for (const Choice& choice : Options(of)) {
      absl::StrAppend(&script, "complete -c ", name, where, " -l ", choice.name,
                      choice.takes_value ? " -r" : "", " -d ",
                      Quoted(choice.description), "\n");
    }
  };
  add_options(app, "");
  for (const CLI::App* verb : Verbs(app)) {
    absl::StrAppend(&script, "complete -c ", name,
                    " -n __fish_use_subcommand -a ", verb->get_name(), " -d ",
                    Quoted(verb->get_description()), "\n");
    add_options(*verb, absl::StrCat(" -n '__fish_seen_subcommand_from ",
                                    verb->get_name(), "'"));
  }
  return script;
}

}  // namespace holdline::client
