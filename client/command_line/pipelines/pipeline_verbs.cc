// create, activate, deactivate, delete, describe, list, add-tags, remove-tags

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/command_line/pipelines/definition_file.h"
#include "client/command_line/pipelines/object_pages.h"
#include "client/command_line/pipelines/parameter_values.h"
#include "client/command_line/pipelines/pipeline_text.h"
#include "client/command_line/pipelines/pipelines.h"
#include "client/command_line/pipelines/tag_argument.h"
#include "client/command_line/verb/proto_time.h"
#include "client/command_line/verb/time_argument.h"
#include "client/command_line/verb/verb.h"
#include "client/services.h"
#include "holdline/v1/data_pipeline.pb.h"

namespace holdline::client {
namespace {

struct NoOptions {};

struct CreateOptions {
  std::string name;
  std::optional<std::string> unique_id;
  std::optional<std::string> description;
  std::vector<std::string> tags;
};

struct ActivateOptions {
  std::string id;
  std::string start;
  std::vector<std::string> values;
  std::string values_file;
};

struct DeactivateOptions {
  std::string id;
  bool no_cancel_active = false;
};

struct IdOptions {
  std::string id;
};

struct IdsOptions {
  std::vector<std::string> ids;
};

struct TagOptions {
  std::string id;
  std::vector<std::string> tags;
};

void DefineNothing(CLI::App&, NoOptions&) {}

void DefineCreate(CLI::App& verb, CreateOptions& options) {
  verb.add_option("--name", options.name, "The pipeline's name")->required();
  verb.add_option("--unique-id", options.unique_id,
                  "An idempotency key: a repeated request returns the same "
                  "pipeline (default: a new one each time)");
  verb.add_option("--description", options.description, "A description");
  AddRepeated(verb, "--tag", options.tags, "A tag, KEY=VALUE");
}

void DefineActivate(CLI::App& verb, ActivateOptions& options) {
  verb.add_option("ID", options.id, "The pipeline's id")->required();
  verb.add_option("--start", options.start,
                  "The start of the schedule; earlier intervals are skipped: "
                  "2030-01-31T08:00:00 (UTC), or +10m");
  AddRepeated(verb, "--value", options.values,
              "ID=VALUE of a parameter; repeat an id for a list");
  verb.add_option("--values", options.values_file,
                  "A file with {\"values\": {...}}; --value takes precedence");
}

void DefineDeactivate(CLI::App& verb, DeactivateOptions& options) {
  verb.add_option("ID", options.id, "The pipeline's id")->required();
  verb.add_flag("--no-cancel-active", options.no_cancel_active,
                "Let current runs finish instead of cancelling them");
}

void DefineId(CLI::App& verb, IdOptions& options) {
  verb.add_option("ID", options.id, "The pipeline's id")->required();
}

void DefineIds(CLI::App& verb, IdsOptions& options) {
  verb.add_option("ID", options.ids, "The pipelines' ids")->required();
}

void DefineAddTags(CLI::App& verb, TagOptions& options) {
  verb.add_option("ID", options.id, "The pipeline's id")->required();
  verb.add_option("TAG", options.tags, "A tag, KEY=VALUE")->required();
}

void DefineRemoveTags(CLI::App& verb, TagOptions& options) {
  verb.add_option("ID", options.id, "The pipeline's id")->required();
  verb.add_option("KEY", options.tags, "The key of a tag")->required();
}

// Prints what was done: as JSON, the server's answer.
absl::StatusOr<ExitCode> Done(Session& session,
                              const google::protobuf::Message& answer,
                              const std::string& sentence) {
  if (session.json) {
    WriteJson(answer, session.out);
  } else {
    session.out << sentence << "\n";
  }
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> Create(Session& session,
                                const CreateOptions& options) {
  v1::CreatePipelineInput input;
  input.set_name(options.name);
  if (options.unique_id) input.set_unique_id(*options.unique_id);
  if (options.description) input.set_description(*options.description);
  auto tags = ParseTags(options.tags);
  if (!tags.ok()) return tags.status();
  *input.mutable_tags() = *std::move(tags);
  const auto output = session.client.Call(&DataPipeline::CreatePipeline, input);
  if (!output.ok()) return output.status();
  return Done(session, *output, output->pipeline_id());
}

absl::StatusOr<ExitCode> Activate(Session& session,
                                  const ActivateOptions& options) {
  v1::ActivatePipelineInput input;
  input.set_pipeline_id(options.id);
  if (!options.start.empty()) {
    const auto start = ParseUtcTime("--start", options.start, absl::Now());
    if (!start.ok()) return start.status();
    *input.mutable_start_timestamp() = ToProto(*start);
  }
  const auto values = ParseParameterValues(options.values);
  if (!values.ok()) return values.status();
  ParameterValues of_file;
  if (!options.values_file.empty()) {
    const auto file = DefinitionFile::Read(options.values_file,
                                           DefinitionFile::Part::kValues);
    if (!file.ok()) return file.status();
    of_file = file->definition().parameter_values();
  }
  *input.mutable_parameter_values() = Replaced(of_file, *values);
  const auto output =
      session.client.Call(&DataPipeline::ActivatePipeline, input);
  if (!output.ok()) return output.status();
  return Done(session, *output,
              absl::StrCat(options.id,
                           " is active. Watch it with `holdline pipelines runs "
                           "--follow ",
                           options.id, "`."));
}

absl::StatusOr<ExitCode> Deactivate(Session& session,
                                    const DeactivateOptions& options) {
  v1::DeactivatePipelineInput input;
  input.set_pipeline_id(options.id);
  input.set_cancel_active(!options.no_cancel_active);
  const auto output =
      session.client.Call(&DataPipeline::DeactivatePipeline, input);
  if (!output.ok()) return output.status();
  return Done(session, *output, absl::StrCat(options.id, " is deactivated."));
}

absl::StatusOr<ExitCode> Delete(Session& session, const IdOptions& options) {
  v1::DeletePipelineInput input;
  input.set_pipeline_id(options.id);
  const auto output = session.client.Call(&DataPipeline::DeletePipeline, input);
  if (!output.ok()) return output.status();
  return Done(session, *output, absl::StrCat(options.id, " is deleted."));
}

absl::StatusOr<ExitCode> Describe(Session& session, const IdsOptions& options) {
  const auto pipelines = DescribeAllPipelines(session.client, options.ids);
  if (!pipelines.ok()) return pipelines.status();
  for (const v1::PipelineDescription& pipeline : *pipelines) {
    if (session.json) {
      WriteJson(pipeline, session.out);
    } else {
      session.out << PipelineText(pipeline);
    }
  }
  return ExitCode::kDone;
}

// What is known of the pipelines of a list. One that is deleted meanwhile is
// left out.
absl::StatusOr<std::vector<v1::PipelineDescription>> DescribeListed(
    Client& client, const std::vector<v1::PipelineIdName>& listed) {
  std::vector<std::string> ids;
  for (const v1::PipelineIdName& pipeline : listed) {
    ids.push_back(pipeline.id());
  }
  auto pipelines = DescribeAllPipelines(client, ids);
  if (!absl::IsNotFound(pipelines.status())) return pipelines;
  std::vector<v1::PipelineDescription> found;
  for (const std::string& id : ids) {
    auto one = DescribeAllPipelines(client, {id});
    if (absl::IsNotFound(one.status())) continue;
    if (!one.ok()) return one.status();
    found.insert(found.end(), one->begin(), one->end());
  }
  return found;
}

absl::StatusOr<ExitCode> List(Session& session, const NoOptions&) {
  const auto listed = ListAllPipelines(session.client);
  if (!listed.ok()) return listed.status();
  if (session.json) {
    for (const v1::PipelineIdName& each : *listed) WriteJson(each, session.out);
    return ExitCode::kDone;
  }
  if (listed->empty()) {
    session.err << "There is no pipeline. Create one with `holdline pipelines "
                   "create --name NAME`.\n";
    return ExitCode::kDone;
  }
  const auto pipelines = DescribeListed(session.client, *listed);
  if (!pipelines.ok()) return pipelines.status();
  session.out << PipelineTable(*pipelines);
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> AddTags(Session& session, const TagOptions& options) {
  v1::AddTagsInput input;
  input.set_pipeline_id(options.id);
  auto tags = ParseTags(options.tags);
  if (!tags.ok()) return tags.status();
  *input.mutable_tags() = *std::move(tags);
  const auto output = session.client.Call(&DataPipeline::AddTags, input);
  if (!output.ok()) return output.status();
  return Done(session, *output, absl::StrCat(options.id, " has the tags."));
}

absl::StatusOr<ExitCode> RemoveTags(Session& session,
                                    const TagOptions& options) {
  v1::RemoveTagsInput input;
  input.set_pipeline_id(options.id);
  for (const std::string& key : options.tags) input.add_tag_keys(key);
  const auto output = session.client.Call(&DataPipeline::RemoveTags, input);
  if (!output.ok()) return output.status();
  return Done(session, *output,
              absl::StrCat(options.id, " no longer has the tags."));
}

}  // namespace

void AddPipelineVerbs(CLI::App& pipelines, Action& chosen) {
  AddVerb(pipelines, "list", "List pipelines", chosen, DefineNothing, List);
  AddVerb(pipelines, "create", "Create an empty pipeline; prints its id",
          chosen, DefineCreate, Create);
  AddVerb(pipelines, "activate",
          "Activate a pipeline, or apply an edited definition", chosen,
          DefineActivate, Activate);
  AddVerb(pipelines, "deactivate", "Deactivate a pipeline", chosen,
          DefineDeactivate, Deactivate);
  AddVerb(pipelines, "delete", "Delete a pipeline and its history", chosen,
          DefineId, Delete);
  AddVerb(pipelines, "describe", "Show pipelines with all their fields", chosen,
          DefineIds, Describe);
  AddVerb(pipelines, "add-tags", "Add tags to a pipeline", chosen,
          DefineAddTags, AddTags);
  AddVerb(pipelines, "remove-tags", "Remove tags from a pipeline", chosen,
          DefineRemoveTags, RemoveTags);
}

}  // namespace holdline::client
