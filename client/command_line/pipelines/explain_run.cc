// explain

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "boost/json/array.hpp"
#include "boost/json/object.hpp"
#include "boost/json/serialize.hpp"
#include "client/command_line/pipelines/object_pages.h"
#include "client/command_line/pipelines/pipelines.h"
#include "client/command_line/pipelines/run_cause.h"
#include "client/command_line/verb/verb.h"
#include "client/services.h"
#include "holdline/v1/data_pipeline.pb.h"
#include "holdline/v1/operator.pb.h"

namespace holdline::client {
namespace {

struct ExplainOptions {
  std::string id;
  std::string run;
};

void DefineExplain(CLI::App& verb, ExplainOptions& options) {
  verb.add_option("ID", options.id, "The pipeline's id")->required();
  verb.add_option("RUN", options.run, "The run's id, as `runs` shows it")
      ->required();
}

RunLookup LookupOf(Client& client, const std::string& pipeline_id) {
  return {
      .objects =
          [&client, pipeline_id](const std::vector<std::string>& ids) {
            return DescribeAllObjects(client, pipeline_id, ids, true);
          },
      .pipeline = [&client,
                   pipeline_id]() -> absl::StatusOr<v1::PipelineDescription> {
        auto pipelines = DescribeAllPipelines(client, {pipeline_id});
        if (!pipelines.ok()) return pipelines.status();
        if (pipelines->empty()) return absl::NotFoundError(pipeline_id);
        return std::move(pipelines->front());
      },
      .group =
          [&client](const std::string& name) {
            v1::GetGroupRequest request;
            request.set_worker_group(name);
            return client.Call(&Operator::GetGroup, request);
          },
      .now = absl::Now()};
}

std::string CauseJson(const RunCause& cause) {
  boost::json::array steps;
  for (const RunCause::Step& step : cause.steps) {
    steps.push_back(boost::json::object{
        {"id", step.id}, {"status", step.status}, {"text", step.text}});
  }
  const boost::json::object whole = {{"steps", std::move(steps)},
                                     {"sentence", CauseSentence(cause)},
                                     {"advice", cause.advice}};
  return boost::json::serialize(whole);
}

absl::StatusOr<ExitCode> Explain(Session& session,
                                 const ExplainOptions& options) {
  const absl::StatusOr<RunCause> cause =
      CauseOf(options.run, LookupOf(session.client, options.id));
  if (!cause.ok()) return cause.status();
  if (session.json) {
    session.out << CauseJson(*cause) << "\n";
    return ExitCode::kDone;
  }
  session.out << CauseSentence(*cause) << "\n";
  if (!cause->advice.empty()) session.out << cause->advice << "\n";
  return ExitCode::kDone;
}

}  // namespace

void AddExplain(CLI::App& pipelines, Action& chosen) {
  AddVerb(pipelines, "explain",
          "Explain why a run has not finished, down to the root cause", chosen,
          DefineExplain, Explain);
}

}  // namespace holdline::client
