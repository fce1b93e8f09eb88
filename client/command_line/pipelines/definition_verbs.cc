// put-definition, validate, get-definition

#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "client/command_line/pipelines/definition_file.h"
#include "client/command_line/pipelines/finding.h"
#include "client/command_line/pipelines/parameter_values.h"
#include "client/command_line/pipelines/pipelines.h"
#include "client/command_line/verb/verb.h"
#include "client/services.h"
#include "holdline/v1/data_pipeline.pb.h"

namespace holdline::client {
namespace {

struct DefinitionOptions {
  std::string id;
  std::string definition;
  std::string parameters;
  std::string values_file;
  std::vector<std::string> values;
};

struct GetOptions {
  std::string id;
  std::string version = "latest";
  std::string output;
};

void DefineFiles(CLI::App& verb, DefinitionOptions& options) {
  verb.add_option(
          "--definition", options.definition,
          "The definition file in the AWS CLI's format, - for standard input")
      ->required();
  verb.add_option("--parameters", options.parameters,
                  "A file with {\"parameters\": [...]}, instead of the "
                  "definition's");
  verb.add_option("--values", options.values_file,
                  "A file with {\"values\": {...}}, instead of the "
                  "definition's");
  AddRepeated(verb, "--value", options.values,
              "ID=VALUE of a parameter, instead of what the files say for the "
              "id; repeat an id for a list");
}

void DefinePut(CLI::App& verb, DefinitionOptions& options) {
  verb.add_option("ID", options.id, "The pipeline's id")->required();
  DefineFiles(verb, options);
}

void DefineValidate(CLI::App& verb, DefinitionOptions& options) {
  verb.add_option("ID", options.id,
                  "The pipeline to validate against; without it, an empty one "
                  "is created and deleted again");
  DefineFiles(verb, options);
}

void DefineGet(CLI::App& verb, GetOptions& options) {
  verb.add_option("ID", options.id, "The pipeline's id")->required();
  verb.add_option("--version", options.version,
                  "latest (last saved) or active (last activated)")
      ->check(CLI::IsMember({"latest", "active"}, CLI::ignore_case))
      ->capture_default_str();
  verb.add_option("--output", options.output,
                  "The file to write it to, instead of standard output");
}

// A definition that was read, and the files that it was read from.
struct Loaded {
  std::vector<DefinitionFile> files;
  v1::GetPipelineDefinitionOutput definition;
};

absl::StatusOr<Loaded> Load(Session& session,
                            const DefinitionOptions& options) {
  using Part = DefinitionFile::Part;
  Loaded loaded;
  for (const auto& [path, part] :
       {std::pair(options.definition, Part::kObjects),
        std::pair(options.parameters, Part::kParameters),
        std::pair(options.values_file, Part::kValues)}) {
    if (path.empty()) continue;
    absl::StatusOr<DefinitionFile> file = DefinitionFile::Read(path, part);
    if (!file.ok()) return file.status();
    const v1::GetPipelineDefinitionOutput& read = file->definition();
    v1::GetPipelineDefinitionOutput& whole = loaded.definition;
    if (part == Part::kObjects) {
      whole = read;
    } else if (part == Part::kParameters) {
      *whole.mutable_parameter_objects() = read.parameter_objects();
    } else {
      *whole.mutable_parameter_values() = read.parameter_values();
    }
    for (const std::string& note : file->notes()) session.err << note << "\n";
    loaded.files.push_back(*std::move(file));
  }
  const auto values = ParseParameterValues(options.values);
  if (!values.ok()) return values.status();
  *loaded.definition.mutable_parameter_values() =
      Replaced(loaded.definition.parameter_values(), *values);
  return loaded;
}

// A request of this type with the definition.
template <class Input>
Input InputOf(const std::string& id, const Loaded& loaded) {
  Input input;
  input.set_pipeline_id(id);
  *input.mutable_pipeline_objects() = loaded.definition.pipeline_objects();
  *input.mutable_parameter_objects() = loaded.definition.parameter_objects();
  *input.mutable_parameter_values() = loaded.definition.parameter_values();
  return input;
}

absl::StatusOr<v1::PutPipelineDefinitionOutput> Check(Client& client,
                                                      const std::string& id,
                                                      const Loaded& loaded) {
  auto output =
      client.Call(&DataPipeline::ValidatePipelineDefinition,
                  InputOf<v1::ValidatePipelineDefinitionInput>(id, loaded));
  if (!output.ok()) return output.status();
  v1::PutPipelineDefinitionOutput same;
  same.mutable_validation_errors()->Swap(output->mutable_validation_errors());
  same.mutable_validation_warnings()->Swap(
      output->mutable_validation_warnings());
  same.set_errored(output->errored());
  return same;
}

// Prints what was found, and `good` or `bad` after it.
ExitCode Print(Session& session, const v1::PutPipelineDefinitionOutput& answer,
               const Loaded& loaded, const std::string& good,
               const std::string& bad) {
  const std::vector<Finding> findings = FindingsOf(answer, loaded.files);
  if (session.json) {
    session.out << FindingsJson(answer.errored(), findings) << "\n";
  } else {
    session.out << FindingsText(findings) << (answer.errored() ? bad : good)
                << " (" << FindingsCount(findings) << ").\n";
  }
  return answer.errored() ? ExitCode::kNegative : ExitCode::kDone;
}

// Shows where in the file there is what made the server refuse a definition.
void PrintWhereRefused(Session& session, const std::string& id,
                       const Loaded& loaded) {
  const auto answer = Check(session.client, id, loaded);
  if (!answer.ok() || !answer->errored()) return;
  Print(session, *answer, loaded, "", "Nothing was saved");
}

absl::StatusOr<ExitCode> Put(Session& session,
                             const DefinitionOptions& options) {
  const absl::StatusOr<Loaded> loaded = Load(session, options);
  if (!loaded.ok()) return loaded.status();
  const auto output = session.client.Call(
      &DataPipeline::PutPipelineDefinition,
      InputOf<v1::PutPipelineDefinitionInput>(options.id, *loaded));
  if (absl::IsInvalidArgument(output.status())) {
    PrintWhereRefused(session, options.id, *loaded);
  }
  if (!output.ok()) return output.status();
  return Print(
      session, *output, *loaded,
      absl::StrCat(options.id, " has the definition"),
      absl::StrCat(options.id, " cannot be activated with this definition"));
}

// Checks a definition that is for no pipeline yet.
absl::StatusOr<v1::PutPipelineDefinitionOutput> CheckAlone(
    Client& client, const Loaded& loaded) {
  v1::CreatePipelineInput create;
  create.set_name("holdline pipelines validate");
  const auto created = client.Call(&DataPipeline::CreatePipeline, create);
  if (!created.ok()) return created.status();
  const auto answer = Check(client, created->pipeline_id(), loaded);
  v1::DeletePipelineInput remove;
  remove.set_pipeline_id(created->pipeline_id());
  const auto removed = client.Call(&DataPipeline::DeletePipeline, remove);
  if (answer.ok() && !removed.ok()) return removed.status();
  return answer;
}

absl::StatusOr<ExitCode> Validate(Session& session,
                                  const DefinitionOptions& options) {
  const absl::StatusOr<Loaded> loaded = Load(session, options);
  if (!loaded.ok()) return loaded.status();
  const auto answer = options.id.empty()
                          ? CheckAlone(session.client, *loaded)
                          : Check(session.client, options.id, *loaded);
  if (!answer.ok()) return answer.status();
  return Print(session, *answer, *loaded, "The definition is valid",
               "The definition could not be activated");
}

absl::StatusOr<ExitCode> Get(Session& session, const GetOptions& options) {
  v1::GetPipelineDefinitionInput input;
  input.set_pipeline_id(options.id);
  input.set_version(options.version);
  const auto output =
      session.client.Call(&DataPipeline::GetPipelineDefinition, input);
  if (!output.ok()) return output.status();
  if (options.output.empty()) {
    if (session.json) {
      WriteJson(*output, session.out);
    } else {
      session.out << DefinitionText(*output);
    }
    return ExitCode::kDone;
  }
  std::ofstream file(options.output, std::ios::binary);
  file << DefinitionText(*output) << std::flush;
  if (!file) {
    return absl::InvalidArgumentError(
        absl::StrCat("Cannot write --output ", options.output, "."));
  }
  return ExitCode::kDone;
}

}  // namespace

void AddDefinitionVerbs(CLI::App& pipelines, Action& chosen) {
  AddVerb(pipelines, "validate",
          "Validate a definition; errors have line numbers", chosen,
          DefineValidate, Validate);
  AddVerb(pipelines, "put-definition", "Replace a pipeline's definition",
          chosen, DefinePut, Put);
  AddVerb(pipelines, "get-definition",
          "Print a pipeline's definition as it was uploaded", chosen, DefineGet,
          Get);
}

}  // namespace holdline::client
