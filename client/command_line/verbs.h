// The verbs of the command line, but for those of pipelines.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_VERBS_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_VERBS_H_

#include "CLI/App.hpp"
#include "client/command_line/verb/verb.h"

namespace holdline::client {

// Each adds its verbs to `app` (see AddVerb).
void AddSubmit(CLI::App& app, Action& chosen);
void AddWait(CLI::App& app, Action& chosen);
void AddTaskVerbs(CLI::App& app, Action& chosen);
void AddRunnerVerbs(CLI::App& app, Action& chosen);
void AddGroupVerbs(CLI::App& app, Action& chosen);
void AddTop(CLI::App& app, Action& chosen);
void AddCredentialVerbs(CLI::App& app, Action& chosen);
void AddShellVerbs(CLI::App& app, Action& chosen);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_VERBS_H_
