// The dependency graph of a pipeline's components, for drawing.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_COMPONENT_GRAPH_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_COMPONENT_GRAPH_H_

#include <cstddef>
#include <string>
#include <vector>

#include "holdline/v1/data_pipeline.pb.h"

namespace holdline::client {

struct ComponentGraph {
  struct Node {
    std::string id;
    std::string name;
    std::string type;

    // `SCHEDULED`, and `HEALTHY` or `ERROR`; empty if it has none.
    std::string status;
    std::string health;
  };

  // An edge from a component to its dependent; for `runsOn` to the resource.
  // Ends are indexes in `nodes`.
  struct Edge {
    size_t from;
    size_t to;

    // The key of the reference: dependsOn, input, output, precondition or
    // runsOn.
    std::string key;
  };

  std::vector<Node> nodes;
  std::vector<Edge> edges;
};

// Returns the graph of components from DescribeObjects, in their order.
// Inherited references count (DATAPIPELINE section 1.6); those that do not
// apply to the type of a component, and those to unknown objects, do not.
// Objects that never run, such as schedules and data formats, are left out.
ComponentGraph GraphOf(const std::vector<v1::PipelineObject>& components);

// A flowchart for Mermaid, which Markdown on many sites shows as a picture.
std::string MermaidText(const ComponentGraph& graph);

// A graph for Graphviz: `dot -Tsvg`.
std::string DotText(const ComponentGraph& graph);

// One line of JSON, without the line feed: {"nodes": [...], "edges": [{"from":
// ID, "to": ID, "key": KEY}]}.
std::string GraphJson(const ComponentGraph& graph);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_PIPELINES_COMPONENT_GRAPH_H_
