// Scripts that teach a shell to complete a command line.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_COMPLETION_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_COMPLETION_H_

#include <string>

#include "CLI/App.hpp"

namespace holdline::client {

// A script for the shell that completes the verbs and options that `app` has.
// `app`'s name is the program's.
std::string BashCompletion(const CLI::App& app);
std::string ZshCompletion(const CLI::App& app);
std::string FishCompletion(const CLI::App& app);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_COMPLETION_H_
