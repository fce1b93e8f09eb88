// Definition and execution of the subcommands (verbs) of the command line.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_VERB_VERB_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_VERB_VERB_H_

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "CLI/App.hpp"
#include "absl/status/statusor.h"
#include "client/command_line/verb/exit_code.h"
#include "client/holdline_client.h"
#include "google/protobuf/message.h"

namespace holdline::client {

// The connection and output streams of a verb.
struct Session {
  Client& client;

  // Results, and messages for an interactive user.
  std::ostream& out;
  std::ostream& err;

  // Whether results are JSON, one object a line.
  bool json = false;

  // Whether `err` is a terminal.
  bool interactive = false;
};

// The implementation of a verb. Errors of the server or the connection are
// passed through; INVALID_ARGUMENT without a reason of the server's means that
// the command line was wrong.
using Action = std::function<absl::StatusOr<ExitCode>(Session&)>;

// Adds a verb to the command line. When it is the one that was typed, `chosen`
// becomes its action: `perform`, called with the options that `define` has
// bound to the verb.
template <class Options>
void AddVerb(CLI::App& app, const std::string& name,
             const std::string& description, Action& chosen,
             void (*define)(CLI::App& verb, Options& options),
             absl::StatusOr<ExitCode> (*perform)(Session& session,
                                                 const Options& options)) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand(name, description);
  verb->fallthrough();
  define(*verb, *options);
  verb->callback([&chosen, options, perform] {
    chosen = [options, perform](Session& session) {
      return perform(session, *options);
    };
  });
}

// Adds an option that may be given several times, with one value each time.
CLI::Option* AddRepeated(CLI::App& verb, const std::string& name,
                         std::vector<std::string>& values,
                         const std::string& description);

// Writes a message as one line of JSON.
void WriteJson(const google::protobuf::Message& message, std::ostream& out);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_VERB_VERB_H_
