// The pages show the states as the tables have them: between the lines
//
//     <!-- states of an activity -->
//     <!-- end of states -->
//
// stands a picture, and below it what is done only by request.

#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/pipeline/model/run_fields.h"
#include "server/pipeline/model/transitions.h"

namespace holdline {
namespace {

template <typename State>
using Table = absl::Span<const Transition<State>>;

// The arrows of what happens in the course of things.
template <typename State>
std::string Arrows(const Table<State>& table) {
  std::string arrows;
  for (const Transition<State>& row : table) {
    if (row.is_intervention) continue;
    absl::StrAppend(&arrows, "  ",
                    row.from.has_value() ? ToString(*row.from) : "[*]", " --> ",
                    ToString(row.to), ": ", row.cause, "\n");
  }
  return arrows;
}

// A line for each request and what it leads to.
template <typename State>
std::string Requests(const Table<State>& table) {
  std::string lines;
  for (size_t i = 0; i < table.size();) {
    const Transition<State>& first = table[i];
    std::vector<absl::string_view> from;
    for (; i < table.size() && table[i].cause == first.cause; ++i) {
      if (table[i].is_intervention) from.push_back(ToString(*table[i].from));
    }
    if (from.empty()) continue;
    absl::StrAppend(&lines, lines.empty() ? "\n" : "", "- ", first.cause,
                    ": from ", absl::StrJoin(from, ", "), " to ",
                    ToString(first.to), ".\n");
  }
  return lines;
}

template <typename State>
std::string Picture(const Table<State>& table) {
  return absl::StrCat("```mermaid\nstateDiagram-v2\n", Arrows(table), "```\n",
                      Requests(table));
}

struct Section {
  const char* page;
  const char* heading;
  std::string picture;
};

std::vector<Section> Sections() {
  const auto runs = [](ObjectFamily family) {
    return Picture(RunTransitions(family));
  };
  const std::string pipeline = Picture(PipelineTransitions());
  const std::string activity = runs(ObjectFamily::kActivity);
  return {
      {"proto/README.md", "a pipeline", pipeline},
      {"proto/README.md", "an activity", activity},
      {"server/README.md", "a pipeline", pipeline},
      {"server/pipeline/README.md", "a component",
       Picture(ComponentTransitions())},
      {"server/pipeline/README.md", "an activity", activity},
      {"server/pipeline/README.md", "a data node",
       runs(ObjectFamily::kDataNode)},
      {"server/pipeline/RESOURCES.md", "a resource",
       runs(ObjectFamily::kResource)},
      {"server/pipeline/RESOURCES.md", "a precondition",
       runs(ObjectFamily::kPrecondition)},
  };
}

// What stands under the heading, or nothing if it is not there.
std::string Shown(const Section& section) {
  std::ifstream file(section.page);
  std::stringstream page;
  page << file.rdbuf();
  const std::string text = page.str();
  const std::string begin =
      absl::StrCat("<!-- states of ", section.heading, " -->\n");
  const size_t at = text.find(begin);
  if (at == std::string::npos) return "";
  const size_t from = at + begin.size();
  return text.substr(from, text.find("<!-- end of states -->", from) - from);
}

TEST(TransitionPictures, StandInThePages) {
  for (const Section& section : Sections()) {
    EXPECT_EQ(Shown(section), section.picture)
        << section.page << " is to have:\n\n<!-- states of " << section.heading
        << " -->\n"
        << section.picture << "<!-- end of states -->\n";
  }
}

template <typename State>
void ExpectSound(const Table<State>& table) {
  std::set<std::pair<std::string, std::string>> seen;
  std::set<std::string> reached;
  for (const Transition<State>& row : table) {
    const std::string from(row.from.has_value() ? ToString(*row.from) : "");
    EXPECT_TRUE(seen.emplace(from, ToString(row.to)).second)
        << from << " to " << ToString(row.to) << " stands there twice";
    EXPECT_NE(from, ToString(row.to)) << "to stay is always allowed";
    reached.emplace(ToString(row.to));
  }
  for (const auto& [from, to] : seen) {
    EXPECT_TRUE(from.empty() || reached.contains(from))
        << from << " is left and never reached";
  }
}

TEST(TransitionTables, HoldEachChangeOnceAndOnlyStatesThatAreReached) {
  ExpectSound(PipelineTransitions());
  ExpectSound(ComponentTransitions());
  for (const ObjectFamily family :
       {ObjectFamily::kActivity, ObjectFamily::kDataNode,
        ObjectFamily::kResource, ObjectFamily::kPrecondition}) {
    ExpectSound(RunTransitions(family));
  }
}

TEST(TransitionTables, AllowToStayAndWhatStandsThereOnly) {
  const auto table = RunTransitions(ObjectFamily::kActivity);
  EXPECT_TRUE(Allows(table, RunStatus::kRunning, RunStatus::kRunning));
  EXPECT_TRUE(Allows(table, RunStatus::kRunning, RunStatus::kFinished));
  EXPECT_FALSE(Allows(table, RunStatus::kFinished, RunStatus::kRunning));
  EXPECT_FALSE(Allows(table, std::nullopt, RunStatus::kRunning));
}

}  // namespace
}  // namespace holdline
