#include "client/command_line/pipelines/component_graph.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "boost/json/array.hpp"
#include "boost/json/object.hpp"
#include "boost/json/serialize.hpp"
#include "client/command_line/pipelines/object_fields.h"

namespace holdline::client {
namespace {

using Node = ComponentGraph::Node;

enum class Family { kActivity, kData, kResource, kPrecondition, kNeverRuns };

// Types are those of DATAPIPELINE section 9.2. What is not among them is taken
// for an activity that somebody has added.
Family FamilyOf(const std::string& type) {
  static const auto& never_runs = *new std::set<std::string>{
      "",          "CSV",      "Custom",   "Default",           "Property",
      "HttpProxy", "RegEx",    "Schedule", "ShellScriptConfig", "SnsAlarm",
      "TSV",       "Terminate"};
  const auto ends = [&](const char* end) { return absl::EndsWith(type, end); };
  if (never_runs.count(type) > 0 || ends("Database") || ends("Format") ||
      ends("Configuration") || ends("Config") || ends("Specification")) {
    return Family::kNeverRuns;
  }
  if (ends("DataNode")) return Family::kData;
  if (ends("Resource") || ends("Cluster")) return Family::kResource;
  if (ends("Precondition") || ends("Exists") || ends("NotEmpty")) {
    return Family::kPrecondition;
  }
  return Family::kActivity;
}

// How a reference is drawn, and whose references count.
struct Reference {
  const char* key;

  // From what it is on to what it names, or the other way.
  bool forward;
  bool dashed;
  std::vector<Family> families;
};

const std::vector<Reference>& References() {
  static const auto& references = *new std::vector<Reference>{
      {"dependsOn",
       false,
       false,
       {Family::kActivity, Family::kData, Family::kResource}},
      {"input", false, false, {Family::kActivity}},
      {"output", true, false, {Family::kActivity}},
      {"precondition", false, true, {Family::kActivity, Family::kData}},
      {"runsOn", true, true, {Family::kActivity}}};
  return references;
}

bool IsDashed(const std::string& key) {
  for (const Reference& reference : References()) {
    if (key == reference.key) return reference.dashed;
  }
  return false;
}

// The components by their ids, with what they inherit.
class Inheritance {
 public:
  explicit Inheritance(const std::vector<v1::PipelineObject>& components) {
    for (const v1::PipelineObject& each : components)
      objects_[each.id()] = &each;
  }

  // The fields of the nearest object, from `id` up, that has the key.
  const Fields* Nearest(const std::string& id, const std::string& key) const {
    std::string at = id;
    // A cycle of parents is an error that the server reports.
    for (size_t steps = 0; steps <= objects_.size(); ++steps) {
      const auto found = objects_.find(at);
      if (found == objects_.end()) return nullptr;
      const Fields& fields = found->second->fields();
      if (Has(fields, key)) return &fields;
      if (at == "Default") return nullptr;
      const std::string parent = ValueOf(fields, "parent");
      at = parent.empty() ? "Default" : parent;
    }
    return nullptr;
  }

  std::string Value(const std::string& id, const std::string& key) const {
    const Fields* fields = Nearest(id, key);
    return fields == nullptr ? "" : ValueOf(*fields, key);
  }

  std::vector<std::string> References(const std::string& id,
                                      const std::string& key) const {
    const Fields* fields = Nearest(id, key);
    return fields == nullptr ? std::vector<std::string>()
                             : ReferencesOf(*fields, key);
  }

 private:
  static bool Has(const Fields& fields, const std::string& key) {
    return std::any_of(
        fields.begin(), fields.end(),
        [&](const v1::Field& field) { return field.key() == key; });
  }

  std::map<std::string, const v1::PipelineObject*> objects_;
};

void AddEdges(const Inheritance& inheritance, ComponentGraph& graph) {
  std::map<std::string, size_t> places;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    places[graph.nodes[i].id] = i;
  }
  std::set<std::tuple<size_t, size_t, std::string>> drawn;
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const Family family = FamilyOf(graph.nodes[i].type);
    for (const Reference& reference : References()) {
      const auto& families = reference.families;
      if (std::find(families.begin(), families.end(), family) ==
          families.end()) {
        continue;
      }
      for (const std::string& id :
           inheritance.References(graph.nodes[i].id, reference.key)) {
        const auto other = places.find(id);
        if (other == places.end() || other->second == i) continue;
        const size_t from = reference.forward ? i : other->second;
        const size_t to = reference.forward ? other->second : i;
        if (!drawn.emplace(from, to, reference.key).second) continue;
        graph.edges.push_back({.from = from, .to = to, .key = reference.key});
      }
    }
  }
}

// What is written on a node, line by line.
std::vector<std::string> Lines(const Node& node) {
  std::vector<std::string> lines = {node.id};
  if (node.name != node.id && !node.name.empty()) lines.push_back(node.name);
  lines.push_back(node.type);
  std::string state = node.status;
  if (!node.health.empty()) {
    absl::StrAppend(&state, state.empty() ? "" : ", ", node.health);
  }
  if (!state.empty()) lines.push_back(state);
  return lines;
}

// How a node looks for what state it is in, or null for like any other.
struct Look {
  const char* name;
  const char* fill;
  const char* stroke;
};

const std::vector<Look>& Looks() {
  static const auto& looks =
      *new std::vector<Look>{{"error", "#fdd8d8", "#c62828"},
                             {"idle", "#eeeeee", "#757575"},
                             {"healthy", "#d9f2d9", "#2e7d32"}};
  return looks;
}

const Look* LookOf(const Node& node) {
  if (node.health == "ERROR") return &Looks()[0];
  if (node.status == "PAUSED" || node.status == "INACTIVE") return &Looks()[1];
  return node.health == "HEALTHY" ? &Looks()[2] : nullptr;
}

// What a node's shape begins and ends with in Mermaid.
std::pair<const char*, const char*> MermaidShape(Family family) {
  switch (family) {
    case Family::kData:
      return {"[(\"", "\")]"};
    case Family::kResource:
      return {"{{\"", "\"}}"};
    case Family::kPrecondition:
      return {"([\"", "\"])"};
    case Family::kActivity:
    case Family::kNeverRuns:
      break;
  }
  return {"[\"", "\"]"};
}

const char* DotShape(Family family) {
  switch (family) {
    case Family::kData:
      return "cylinder";
    case Family::kResource:
      return "hexagon";
    case Family::kPrecondition:
      return "ellipse";
    case Family::kActivity:
    case Family::kNeverRuns:
      break;
  }
  return "box";
}

std::string MermaidLabel(const Node& node) {
  std::string label;
  for (const std::string& line : Lines(node)) {
    absl::StrAppend(&label, label.empty() ? "" : "<br/>",
                    absl::StrReplaceAll(line, {{"#", "#35;"},
                                               {"&", "#amp;"},
                                               {"\"", "#quot;"},
                                               {"<", "#lt;"},
                                               {">", "#gt;"},
                                               {"\n", " "}}));
  }
  return label;
}

std::string DotLabel(const Node& node) {
  std::string label;
  for (const std::string& line : Lines(node)) {
    absl::StrAppend(&label, label.empty() ? "" : "\\n",
                    absl::StrReplaceAll(
                        line, {{"\\", "\\\\"}, {"\"", "\\\""}, {"\n", " "}}));
  }
  return label;
}

}  // namespace

ComponentGraph GraphOf(const std::vector<v1::PipelineObject>& components) {
  const Inheritance inheritance(components);
  ComponentGraph graph;
  for (const v1::PipelineObject& component : components) {
    const std::string type = inheritance.Value(component.id(), "type");
    if (component.id() == "Default" || FamilyOf(type) == Family::kNeverRuns) {
      continue;
    }
    graph.nodes.push_back(
        {.id = component.id(),
         .name = component.name(),
         .type = type,
         .status = ValueOf(component.fields(), "@status"),
         .health = ValueOf(component.fields(), "@healthStatus")});
  }
  AddEdges(inheritance, graph);
  return graph;
}

std::string MermaidText(const ComponentGraph& graph) {
  std::string text = "flowchart LR\n";
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    const auto [begin, end] = MermaidShape(FamilyOf(node.type));
    absl::StrAppend(&text, "  n", i + 1, begin, MermaidLabel(node), end);
    const Look* look = LookOf(node);
    if (look != nullptr) absl::StrAppend(&text, ":::", look->name);
    text += "\n";
  }
  for (const ComponentGraph::Edge& edge : graph.edges) {
    absl::StrAppend(&text, "  n", edge.from + 1,
                    IsDashed(edge.key) ? " -.->|" : " -->|", edge.key, "| n",
                    edge.to + 1, "\n");
  }
  for (const Look& look : Looks()) {
    absl::StrAppend(&text, "  classDef ", look.name, " fill:", look.fill,
                    ",stroke:", look.stroke, "\n");
  }
  return text;
}

std::string DotText(const ComponentGraph& graph) {
  std::string text = "digraph pipeline {\n  rankdir=LR;\n";
  for (size_t i = 0; i < graph.nodes.size(); ++i) {
    const Node& node = graph.nodes[i];
    absl::StrAppend(&text, "  n", i + 1, " [label=\"", DotLabel(node),
                    "\", shape=", DotShape(FamilyOf(node.type)));
    const Look* look = LookOf(node);
    if (look != nullptr) {
      absl::StrAppend(&text, ", style=filled, fillcolor=\"", look->fill,
                      "\", color=\"", look->stroke, "\"");
    }
    text += "];\n";
  }
  for (const ComponentGraph::Edge& edge : graph.edges) {
    absl::StrAppend(&text, "  n", edge.from + 1, " -> n", edge.to + 1,
                    " [label=\"", edge.key, "\"",
                    IsDashed(edge.key) ? ", style=dashed" : "", "];\n");
  }
  return text + "}\n";
}

std::string GraphJson(const ComponentGraph& graph) {
  boost::json::array nodes;
  for (const Node& node : graph.nodes) {
    nodes.push_back(boost::json::object{{"id", node.id},
                                        {"name", node.name},
                                        {"type", node.type},
                                        {"status", node.status},
                                        {"health", node.health}});
  }
  boost::json::array edges;
  for (const ComponentGraph::Edge& edge : graph.edges) {
    edges.push_back(boost::json::object{{"from", graph.nodes[edge.from].id},
                                        {"to", graph.nodes[edge.to].id},
                                        {"key", edge.key}});
  }
  const boost::json::object whole = {{"nodes", std::move(nodes)},
                                     {"edges", std::move(edges)}};
  return boost::json::serialize(whole);
}

}  // namespace holdline::client
