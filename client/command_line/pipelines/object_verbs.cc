// describe-objects, query-objects, set-status, pause, resume, cancel, rerun,
// mark-finished, evaluate

#include <cstddef>
#include <cstdint>
#include <iostream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/command_line/pipelines/object_pages.h"
#include "client/command_line/pipelines/pipeline_text.h"
#include "client/command_line/pipelines/pipelines.h"
#include "client/command_line/pipelines/status_argument.h"
#include "client/command_line/verb/verb.h"
#include "client/services.h"
#include "google/protobuf/util/json_util.h"
#include "holdline/v1/data_pipeline.pb.h"

namespace holdline::client {
namespace {

struct DescribeOptions {
  std::string id;
  std::vector<std::string> objects;
  bool evaluate = false;
};

struct QueryOptions {
  std::string id;
  std::string sphere = "INSTANCE";
  std::vector<std::string> statuses;
  std::vector<std::string> fields;
  std::vector<std::string> operators;
  std::vector<std::string> values;
  std::string query;
  int limit = 0;
};

struct SteerOptions {
  std::string id;
  std::vector<std::string> objects;
  std::string status;
};

struct EvaluateOptions {
  std::string id;
  std::string object;
  std::string expression;
};

void DefineObjects(CLI::App& verb, std::string& id,
                   std::vector<std::string>& objects,
                   const std::string& description) {
  verb.add_option("ID", id, "The pipeline's id")->required();
  verb.add_option("OBJECT", objects, description)->required();
}

void DefineDescribe(CLI::App& verb, DescribeOptions& options) {
  DefineObjects(verb, options.id, options.objects,
                "The ids of components, runs or attempts");
  verb.add_flag("--evaluate", options.evaluate, "Evaluate expressions");
}

void DefineQuery(CLI::App& verb, QueryOptions& options) {
  verb.add_option("ID", options.id, "The pipeline's id")->required();
  verb.add_option("--sphere", options.sphere,
                  "COMPONENT, INSTANCE (a run) or ATTEMPT")
      ->check(
          CLI::IsMember({"COMPONENT", "INSTANCE", "ATTEMPT"}, CLI::ignore_case))
      ->capture_default_str();
  AddRepeated(
      verb, "--status", options.statuses,
      "Only with this status, such as FAILED; separate several by commas");
  AddRepeated(
      verb, "--field", options.fields,
      "Only where this field, such as @scheduledStartTime, matches the next "
      "--op and --values; repeat the three for further conditions");
  AddRepeated(verb, "--op", options.operators,
              "EQ (default), REF_EQ, LE, GE or BETWEEN");
  AddRepeated(verb, "--values", options.values,
              "The values to compare with, separated by commas");
  verb.add_option(
      "--query", options.query,
      "Further conditions as the API's JSON, {\"selectors\": [...]}");
  verb.add_option("--limit", options.limit, "The most ids to show; 0: all")
      ->check(CLI::Range(0, 1000000000))
      ->capture_default_str();
}

void DefineComponents(CLI::App& verb, SteerOptions& options) {
  DefineObjects(verb, options.id, options.objects, "The ids of components");
}

void DefineRuns(CLI::App& verb, SteerOptions& options) {
  DefineObjects(verb, options.id, options.objects,
                "The ids of runs, as `runs` shows them");
}

void DefineSetStatus(CLI::App& verb, SteerOptions& options) {
  DefineObjects(verb, options.id, options.objects,
                "The ids of components, or of runs");
  verb.add_option("--status", options.status,
                  "PAUSE or RESUME for components, TRY_CANCEL, RERUN or "
                  "MARK_FINISHED for runs")
      ->required()
      ->check(CLI::IsMember(
          {"PAUSE", "RESUME", "TRY_CANCEL", "RERUN", "MARK_FINISHED"},
          CLI::ignore_case));
}

void DefineEvaluate(CLI::App& verb, EvaluateOptions& options) {
  verb.add_option("ID", options.id, "The pipeline's id")->required();
  verb.add_option(
          "OBJECT", options.object,
          "The component, run or attempt in whose context to evaluate it")
      ->required();
  verb.add_option("EXPRESSION", options.expression,
                  "The text with #{...} expressions, - for standard input")
      ->required();
}

absl::StatusOr<ExitCode> Describe(Session& session,
                                  const DescribeOptions& options) {
  const auto objects = DescribeAllObjects(session.client, options.id,
                                          options.objects, options.evaluate);
  if (!objects.ok()) return objects.status();
  for (const v1::PipelineObject& object : *objects) {
    if (session.json) {
      WriteJson(object, session.out);
    } else {
      session.out << PipelineObjectText(object);
    }
  }
  return ExitCode::kDone;
}

// Adds what --field, --op and --values say, the first of each first.
absl::Status AddFields(const QueryOptions& options, v1::Query& query) {
  const size_t count = options.fields.size();
  const bool plain = options.operators.empty();
  if (options.values.size() != count ||
      (!plain && options.operators.size() != count)) {
    return absl::InvalidArgumentError(
        "Each --field takes one --values, and one --op unless all are EQ.");
  }
  for (size_t i = 0; i < count; ++i) {
    v1::Selector::Operator::Type type = v1::Selector::Operator::EQ;
    if (!plain && (!v1::Selector::Operator::Type_Parse(
                       absl::AsciiStrToUpper(options.operators[i]), &type) ||
                   type == v1::Selector::Operator::UNSPECIFIED)) {
      return absl::InvalidArgumentError(
          absl::StrCat("--op ", options.operators[i],
                       " is not one of EQ, REF_EQ, LE, GE and BETWEEN."));
    }
    v1::Selector& selector = *query.add_selectors();
    selector.set_field_name(options.fields[i]);
    selector.mutable_operator_()->set_type(type);
    for (const std::string& value :
         std::vector<std::string>(absl::StrSplit(options.values[i], ','))) {
      selector.mutable_operator_()->add_values(value);
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Query> QueryOf(const QueryOptions& options) {
  v1::Query query;
  if (!options.query.empty()) {
    const auto status =
        google::protobuf::util::JsonStringToMessage(options.query, &query);
    if (!status.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "--query is not the JSON of a query: ",
          std::string(status.message().data(), status.message().size())));
    }
  }
  const absl::Status status = AddFields(options, query);
  if (!status.ok()) return status;
  const auto statuses = ParseStatuses(options.statuses);
  if (!statuses.ok()) return statuses.status();
  if (!statuses->empty()) {
    v1::Selector& selector = *query.add_selectors();
    selector.set_field_name("@status");
    selector.mutable_operator_()->set_type(v1::Selector::Operator::EQ);
    for (const std::string& each : *statuses) {
      selector.mutable_operator_()->add_values(each);
    }
  }
  return query;
}

absl::StatusOr<ExitCode> Query(Session& session, const QueryOptions& options) {
  const auto query = QueryOf(options);
  if (!query.ok()) return query.status();
  v1::QueryObjectsInput input;
  input.set_pipeline_id(options.id);
  input.set_sphere(absl::AsciiStrToUpper(options.sphere));
  if (!query->selectors().empty()) *input.mutable_query() = *query;
  const size_t most =
      options.limit == 0 ? SIZE_MAX : static_cast<size_t>(options.limit);
  const auto ids = QueryAllObjects(session.client, input, most);
  if (!ids.ok()) return ids.status();
  if (session.json) {
    v1::QueryObjectsOutput all;
    for (const std::string& id : *ids) all.add_ids(id);
    WriteJson(all, session.out);
    return ExitCode::kDone;
  }
  for (const std::string& id : *ids) session.out << id << "\n";
  if (ids->empty()) session.err << "No object matches.\n";
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> Steer(Session& session, const SteerOptions& options,
                               const std::string& status) {
  v1::SetStatusInput input;
  input.set_pipeline_id(options.id);
  for (const std::string& id : options.objects) input.add_object_ids(id);
  input.set_status(status);
  const auto output = session.client.Call(&DataPipeline::SetStatus, input);
  if (!output.ok()) return output.status();
  if (session.json) {
    WriteJson(*output, session.out);
  } else {
    session.out << options.id << ": " << status << " is requested for "
                << CountText(options.objects.size(), "object") << ".\n";
  }
  return ExitCode::kDone;
}

absl::StatusOr<ExitCode> SetStatus(Session& session,
                                   const SteerOptions& options) {
  return Steer(session, options, absl::AsciiStrToUpper(options.status));
}

absl::StatusOr<ExitCode> Pause(Session& session, const SteerOptions& options) {
  return Steer(session, options, "PAUSE");
}

absl::StatusOr<ExitCode> Resume(Session& session, const SteerOptions& options) {
  return Steer(session, options, "RESUME");
}

absl::StatusOr<ExitCode> Cancel(Session& session, const SteerOptions& options) {
  return Steer(session, options, "TRY_CANCEL");
}

absl::StatusOr<ExitCode> Rerun(Session& session, const SteerOptions& options) {
  return Steer(session, options, "RERUN");
}

absl::StatusOr<ExitCode> MarkFinished(Session& session,
                                      const SteerOptions& options) {
  return Steer(session, options, "MARK_FINISHED");
}

absl::StatusOr<ExitCode> Evaluate(Session& session,
                                  const EvaluateOptions& options) {
  v1::EvaluateExpressionInput input;
  input.set_pipeline_id(options.id);
  input.set_object_id(options.object);
  if (options.expression == "-") {
    input.set_expression(
        std::string(std::istreambuf_iterator<char>(std::cin), {}));
  } else {
    input.set_expression(options.expression);
  }
  const auto output =
      session.client.Call(&DataPipeline::EvaluateExpression, input);
  if (!output.ok()) return output.status();
  if (session.json) {
    WriteJson(*output, session.out);
  } else {
    session.out << output->evaluated_expression() << "\n";
  }
  return ExitCode::kDone;
}

}  // namespace

void AddObjectVerbs(CLI::App& pipelines, Action& chosen) {
  AddVerb(pipelines, "describe-objects",
          "Show components, runs or attempts with all their fields", chosen,
          DefineDescribe, Describe);
  AddVerb(pipelines, "query-objects",
          "List the ids of components, runs or attempts", chosen, DefineQuery,
          Query);
  AddVerb(pipelines, "pause", "Pause components: start no further runs", chosen,
          DefineComponents, Pause);
  AddVerb(pipelines, "resume", "Resume paused components", chosen,
          DefineComponents, Resume);
  AddVerb(pipelines, "cancel", "Cancel runs; their runners are told to stop",
          chosen, DefineRuns, Cancel);
  AddVerb(pipelines, "rerun", "Rerun runs that have ended", chosen, DefineRuns,
          Rerun);
  AddVerb(pipelines, "mark-finished",
          "Mark runs as finished, so that dependent ones continue", chosen,
          DefineRuns, MarkFinished);
  AddVerb(pipelines, "set-status", "Set a status by its name in the API",
          chosen, DefineSetStatus, SetStatus);
  AddVerb(pipelines, "evaluate", "Evaluate the expressions in a text", chosen,
          DefineEvaluate, Evaluate);
}

}  // namespace holdline::client
