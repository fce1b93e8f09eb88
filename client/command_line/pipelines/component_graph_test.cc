#include "client/command_line/pipelines/component_graph.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

v1::PipelineObject Component(
    const std::string& id, const std::string& type,
    const std::vector<std::pair<std::string, std::string>>& references = {},
    const std::string& status = "", const std::string& health = "") {
  v1::PipelineObject component;
  component.set_id(id);
  component.set_name(id);
  const auto add = [&](const std::string& key, const std::string& value) {
    if (value.empty()) return;
    v1::Field& field = *component.add_fields();
    field.set_key(key);
    field.set_string_value(value);
  };
  add("type", type);
  add("@status", status);
  add("@healthStatus", health);
  for (const auto& [key, to] : references) {
    v1::Field& field = *component.add_fields();
    field.set_key(key);
    field.set_ref_value(to);
  }
  return component;
}

std::vector<std::string> Edges(const ComponentGraph& graph) {
  std::vector<std::string> edges;
  for (const ComponentGraph::Edge& edge : graph.edges) {
    edges.push_back(absl::StrCat(graph.nodes[edge.from].id, " ", edge.key, " ",
                                 graph.nodes[edge.to].id));
  }
  return edges;
}

TEST(ComponentGraph, WhatComesFirstPointsAtWhatComesAfterIt) {
  const ComponentGraph graph = GraphOf(
      {Component("Copy", "CopyActivity",
                 {{"input", "In"},
                  {"output", "Out"},
                  {"runsOn", "Machine"},
                  {"precondition", "Ready"},
                  {"dependsOn", "Before"}}),
       Component("Before", "ShellCommandActivity"),
       Component("In", "S3DataNode", {{"precondition", "Ready"}}),
       Component("Out", "S3DataNode"), Component("Machine", "Ec2Resource"),
       Component("Ready", "S3KeyExists")});
  EXPECT_THAT(Edges(graph),
              ElementsAre("Before dependsOn Copy", "In input Copy",
                          "Copy output Out", "Ready precondition Copy",
                          "Copy runsOn Machine", "Ready precondition In"));
}

TEST(ComponentGraph, WhatNeverRunsIsLeftOut) {
  const ComponentGraph graph =
      GraphOf({Component("Default", "", {{"schedule", "S"}}),
               Component("S", "Schedule"), Component("Mixin", ""),
               Component("D", "RdsDatabase"), Component("F", "CSV"),
               Component("Alarm", "SnsAlarm"),
               Component("Mine", "MyOwnThing", {{"dependsOn", "Nowhere"}})});
  ASSERT_EQ(graph.nodes.size(), 1u);
  EXPECT_EQ(graph.nodes[0].id, "Mine");
  EXPECT_THAT(Edges(graph), IsEmpty());
}

TEST(ComponentGraph, ReferencesAreInheritedWhereTheyMeanSomething) {
  const ComponentGraph graph = GraphOf(
      {Component("Default", "", {{"runsOn", "Machine"}}),
       Component("Mixin", "", {{"dependsOn", "A"}}),
       Component("A", "SqlActivity", {{"parent", "Default"}}),
       Component("B", "SqlActivity", {{"parent", "Mixin"}}),
       Component("C", "SqlActivity", {{"parent", "Mixin"}, {"dependsOn", "B"}}),
       Component("Machine", "Ec2Resource"), Component("N", "S3DataNode"),
       Component("P", "Exists")});
  EXPECT_THAT(Edges(graph), ElementsAre("A runsOn Machine", "A dependsOn B",
                                        "B runsOn Machine", "B dependsOn C",
                                        "C runsOn Machine"));
}

TEST(ComponentGraph, ParentsThatGoInCirclesAreEndured) {
  EXPECT_EQ(GraphOf({Component("A", "", {{"parent", "B"}}),
                     Component("B", "", {{"parent", "A"}})})
                .nodes.size(),
            0u);
}

TEST(ComponentGraph, MermaidShowsShapesEdgesAndStates) {
  const ComponentGraph graph = GraphOf(
      {Component("A", "SqlActivity",
                 {{"input", "In"}, {"runsOn", "M"}, {"precondition", "P"}},
                 "SCHEDULED", "ERROR"),
       Component("In", "SqlDataNode", {}, "SCHEDULED", "HEALTHY"),
       Component("M", "EmrCluster", {}, "PAUSED"), Component("P", "Exists")});
  EXPECT_EQ(MermaidText(graph), R"(flowchart LR
  n1["A<br/>SqlActivity<br/>SCHEDULED, ERROR"]:::error
  n2[("In<br/>SqlDataNode<br/>SCHEDULED, HEALTHY")]:::healthy
  n3{{"M<br/>EmrCluster<br/>PAUSED"}}:::idle
  n4(["P<br/>Exists"])
  n2 -->|input| n1
  n4 -.->|precondition| n1
  n1 -.->|runsOn| n3
  classDef error fill:#fdd8d8,stroke:#c62828
  classDef idle fill:#eeeeee,stroke:#757575
  classDef healthy fill:#d9f2d9,stroke:#2e7d32
)");
}

TEST(ComponentGraph, NoIdBreaksOutOfItsLabel) {
  v1::PipelineObject object = Component("a\"b<c\\", "SqlActivity");
  object.set_name("x\ny");
  const ComponentGraph graph = GraphOf({object});
  EXPECT_THAT(MermaidText(graph),
              HasSubstr("n1[\"a#quot;b#lt;c\\<br/>x y<br/>SqlActivity\"]"));
  EXPECT_THAT(DotText(graph),
              HasSubstr("[label=\"a\\\"b<c\\\\\\nx y\\nSqlActivity\""));
}

TEST(ComponentGraph, GraphvizAndProgramsHaveTheSame) {
  const ComponentGraph graph = GraphOf(
      {Component("A", "SqlActivity", {{"precondition", "P"}}, "", "ERROR"),
       Component("P", "Exists")});
  EXPECT_EQ(DotText(graph), R"(digraph pipeline {
  rankdir=LR;
  n1 [label="A\nSqlActivity\nERROR", shape=box, style=filled, fillcolor="#fdd8d8", color="#c62828"];
  n2 [label="P\nExists", shape=ellipse];
  n2 -> n1 [label="precondition", style=dashed];
}
)");
  EXPECT_THAT(
      GraphJson(graph),
      HasSubstr(R"("edges":[{"from":"P","to":"A","key":"precondition"}])"));
  EXPECT_THAT(GraphJson(graph), Not(HasSubstr("\n")));
}

}  // namespace
}  // namespace holdline::client
