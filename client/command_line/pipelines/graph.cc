// graph

#include <string>
#include <vector>

#include "client/command_line/pipelines/component_graph.h"
#include "client/command_line/pipelines/object_pages.h"
#include "client/command_line/pipelines/pipelines.h"
#include "client/command_line/verb/verb.h"
#include "holdline/v1/data_pipeline.pb.h"

namespace holdline::client {
namespace {

struct GraphOptions {
  std::string id;
  std::string format = "mermaid";
};

void DefineGraph(CLI::App& verb, GraphOptions& options) {
  verb.add_option("ID", options.id, "The pipeline's id")->required();
  verb.add_option("--format", options.format,
                  "mermaid, for Markdown and mermaid.live, or dot, for "
                  "Graphviz: | dot -Tsvg")
      ->check(CLI::IsMember({"mermaid", "dot"}))
      ->capture_default_str();
}

absl::StatusOr<ExitCode> Graph(Session& session, const GraphOptions& options) {
  v1::QueryObjectsInput query;
  query.set_pipeline_id(options.id);
  query.set_sphere("COMPONENT");
  const auto ids = QueryAllObjects(session.client, query);
  if (!ids.ok()) return ids.status();
  const auto components = DescribeAllObjects(session.client, options.id, *ids);
  if (!components.ok()) return components.status();
  const ComponentGraph graph = GraphOf(*components);
  if (session.json) {
    session.out << GraphJson(graph) << "\n";
  } else {
    session.out << (options.format == "dot" ? DotText(graph)
                                            : MermaidText(graph));
  }
  return ExitCode::kDone;
}

}  // namespace

void AddGraph(CLI::App& pipelines, Action& chosen) {
  AddVerb(pipelines, "graph",
          "Draw the dependency graph of components, with their states", chosen,
          DefineGraph, Graph);
}

}  // namespace holdline::client
