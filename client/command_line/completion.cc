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

// A place in the command line where something can be completed: after the verb
// `path`, which is empty at first and `group verb` in a group of verbs.
struct Place {
  std::string path;
  const CLI::App* app;
};

std::vector<Place> Places(const CLI::App& app) {
  std::vector<Place> places = {{.path = "", .app = &app}};
  for (size_t i = 0; i < places.size(); ++i) {
    const Place from = places[i];
    for (const CLI::App* verb : Verbs(*from.app)) {
      places.push_back(
          {.path = absl::StrCat(from.path, from.path.empty() ? "" : " ",
                                verb->get_name()),
           .app = verb});
    }
  }
  return places;
}

std::string VerbWords(const CLI::App& app) {
  return absl::StrJoin(Verbs(app), " ",
                       [](std::string* out, const CLI::App* verb) {
                         absl::StrAppend(out, verb->get_name());
                       });
}

// `path:verb` for all verbs: what leads from one place to the next.
std::string Ways(const CLI::App& app) {
  std::vector<std::string> ways;
  for (const Place& place : Places(app)) {
    for (const CLI::App* verb : Verbs(*place.app)) {
      ways.push_back(absl::StrCat(place.path, ":", verb->get_name()));
    }
  }
  return absl::StrJoin(ways, "|");
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
      "    case $verb:$word in\n      ",
      Ways(app),
      ") verb=${verb:+$verb }$word ;;\n"
      "    esac\n  done\n"
      "  case $verb in\n");
  for (const Place& place : Places(app)) {
    absl::StrAppend(&script, "    ", Quoted(place.path), ") words='",
                    VerbWords(*place.app), " ", OptionWords(*place.app),
                    "' ;;\n");
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
  std::string script =
      absl::StrCat("#compdef ", name, "\n# Completion for ", name,
                   ". Use: source <(", name, " completion zsh)\n_", name,
                   "() {\n"
                   "  local verb word\n  local -a choices\n"
                   "  for word in ${words[2,CURRENT-1]}; do\n"
                   "    case $verb:$word in\n      (",
                   Ways(app),
                   ") verb=${verb:+$verb }$word ;;\n"
                   "    esac\n  done\n"
                   "  case $verb in\n");
  for (const Place& place : Places(app)) {
    std::vector<Choice> verbs;
    for (const CLI::App* verb : Verbs(*place.app)) {
      verbs.push_back(
          {.name = verb->get_name(), .description = verb->get_description()});
    }
    absl::StrAppend(&script, "    (", Quoted(place.path), ") choices=(",
                    Described(verbs, ""), " ",
                    Described(Options(*place.app), "--"), ") ;;\n");
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
  const auto add_verbs = [&](const CLI::App& of, const std::string& where) {
    for (const CLI::App* verb : Verbs(of)) {
      absl::StrAppend(&script, "complete -c ", name, where, " -a ",
                      verb->get_name(), " -d ", Quoted(verb->get_description()),
                      "\n");
    }
  };
  const std::string seen = "__fish_seen_subcommand_from ";
  add_options(app, "");
  add_verbs(app, " -n __fish_use_subcommand");
  for (const CLI::App* verb : Verbs(app)) {
    const std::string within = absl::StrCat(seen, verb->get_name());
    add_options(*verb, absl::StrCat(" -n '", within, "'"));
    if (Verbs(*verb).empty()) continue;
    add_verbs(*verb, absl::StrCat(" -n '", within, "; and not ", seen,
                                  VerbWords(*verb), "'"));
    for (const CLI::App* inner : Verbs(*verb)) {
      add_options(*inner, absl::StrCat(" -n '", within, "; and ", seen,
                                       inner->get_name(), "'"));
    }
  }
  return script;
}

}  // namespace holdline::client
