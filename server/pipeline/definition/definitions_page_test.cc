// DEFINITIONS.md shows the table of types as the code has it.

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/pipeline/definition/object_type.h"

namespace holdline {
namespace {

constexpr absl::string_view kFamilies[] = {
    "",       "activity", "data node", "resource",    "precondition",
    "action", "schedule", "database",  "data format", "utility"};

constexpr absl::string_view kKinds[] = {"",   ":I", ":D", ":B",
                                        ":P", ":E", ":T", ":R"};

// A field as the page writes it: **required**, kind, * if it repeats.
std::string Notation(const FieldRule& rule) {
  std::string name =
      absl::StrCat(absl::StartsWith(rule.name, "*") ? "\\" : "", rule.name);
  if (rule.required) name = absl::StrCat("**", name, "**");
  absl::StrAppend(&name, kKinds[static_cast<int>(rule.kind)]);
  if (rule.repeated()) name += "\\*";
  return name;
}

std::string Notation(absl::Span<const FieldRule> rules) {
  std::vector<std::string> fields;
  for (const FieldRule& rule : rules) fields.push_back(Notation(rule));
  return absl::StrJoin(fields, ", ");
}

std::string Notation(const FieldGroup& group) {
  constexpr absl::string_view kRules[] = {"one of ", "at most one of ",
                                          "better one of "};
  return absl::StrCat(kRules[static_cast<int>(group.rule)],
                      absl::StrJoin(group.names, ", "));
}

std::string Rules(const ObjectType& type) {
  std::vector<std::string> rules;
  for (const FieldGroup& group : type.groups) rules.push_back(Notation(group));
  if (!type.forbidden.empty()) {
    rules.push_back(absl::StrCat("not ", absl::StrJoin(type.forbidden, ", ")));
  }
  if (type.system_managed) rules.push_back("checked by the service");
  return absl::StrJoin(rules, "; ");
}

std::vector<std::string> TableOfTypes() {
  std::vector<std::string> lines;
  for (const ObjectType& type : ObjectTypes()) {
    lines.push_back(absl::StrCat(
        "| ", type.name, " | ", kFamilies[static_cast<int>(type.family)], " | ",
        Notation(type.fields), " | ", Rules(type), " |"));
  }
  return lines;
}

std::vector<std::string> TableOfFamilies() {
  std::vector<std::string> lines;
  for (size_t i = 1; i < std::size(kFamilies); ++i) {
    lines.push_back(absl::StrCat(
        "| ", kFamilies[i], " | ",
        Notation(CommonFields(static_cast<ObjectFamily>(i))), " |"));
  }
  return lines;
}

// The rows of the table that follows the heading.
std::vector<std::string> TableUnder(absl::string_view heading) {
  std::ifstream page("server/pipeline/definition/DEFINITIONS.md");
  std::vector<std::string> rows;
  bool is_under = false;
  int head_lines = 2;
  for (std::string line; std::getline(page, line);) {
    if (absl::StartsWith(line, "#")) is_under = line == heading;
    if (!is_under || !absl::StartsWith(line, "|")) continue;
    if (head_lines-- > 0) continue;
    rows.push_back(line);
  }
  return rows;
}

TEST(DefinitionsPage, ShowsTheTypes) {
  EXPECT_EQ(TableUnder("## Types"), TableOfTypes())
      << "The table is to be:\n"
      << absl::StrJoin(TableOfTypes(), "\n");
}

TEST(DefinitionsPage, ShowsTheFieldsOfFamilies) {
  EXPECT_EQ(TableUnder("## Common fields"), TableOfFamilies())
      << "The table is to be:\n"
      << absl::StrJoin(TableOfFamilies(), "\n");
}

}  // namespace
}  // namespace holdline
