// The command `holdline pipelines`: the fifteen actions for pipelines, named as
// in the AWS CLI, and additions (DATAPIPELINE sections 3 and 14).

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_PIPELINES_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_PIPELINES_H_

#include "CLI/App.hpp"
#include "client/command_line/verb/verb.h"

namespace holdline::client {

// Adds the verb `pipelines` to `app`, and to it the verbs of this folder (see
// AddVerb).
void AddPipelines(CLI::App& app, Action& chosen);

// Each adds its verbs to `pipelines`.
void AddPipelineVerbs(CLI::App& pipelines, Action& chosen);
void AddDefinitionVerbs(CLI::App& pipelines, Action& chosen);
void AddObjectVerbs(CLI::App& pipelines, Action& chosen);
void AddRuns(CLI::App& pipelines, Action& chosen);
void AddGraph(CLI::App& pipelines, Action& chosen);
void AddExplain(CLI::App& pipelines, Action& chosen);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_PIPELINES_H_
