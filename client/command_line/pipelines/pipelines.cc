#include "client/command_line/pipelines/pipelines.h"

namespace holdline::client {

void AddPipelines(CLI::App& app, Action& chosen) {
  CLI::App* pipelines =
      app.add_subcommand("pipelines", "Define, run and manage pipelines");
  pipelines->fallthrough();
  pipelines->require_subcommand(1);
  AddPipelineVerbs(*pipelines, chosen);
  AddDefinitionVerbs(*pipelines, chosen);
  AddRuns(*pipelines, chosen);
  AddExplain(*pipelines, chosen);
  AddGraph(*pipelines, chosen);
  AddObjectVerbs(*pipelines, chosen);
}

}  // namespace holdline::client
