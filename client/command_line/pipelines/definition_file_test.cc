#include "client/command_line/pipelines/definition_file.h"

#include <fstream>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

namespace holdline::client {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Part = DefinitionFile::Part;

constexpr char kHello[] = R"({
  "objects": [
    {
      "id": "Default",
      "workerGroup": "wg"
    },
    {"id": "Hello", "name": "Say it",
     "type": "ShellCommandActivity",
     "command": "echo \"ü\"",
     "scriptArgument": ["b", "a"],
     "dependsOn": [{"ref": "A"}, {"ref": "B"}],
     "schedule": {"ref": "Hourly"}}
  ],
  "parameters": [{"id": "myWord", "type": "String", "allowedValues": ["x", "y"]}],
  "values": {"myWord": "x", "myList": ["2", "1"]}
})";

DefinitionFile Parsed(const std::string& text) {
  auto file = DefinitionFile::Parse("f.json", text, Part::kObjects);
  EXPECT_TRUE(file.ok()) << file.status();
  return *file;
}

std::string ErrorOf(const std::string& text, Part part = Part::kObjects) {
  const auto file = DefinitionFile::Parse("f.json", text, part);
  EXPECT_TRUE(absl::IsInvalidArgument(file.status())) << text;
  return std::string(file.status().message());
}

std::string Place(const DefinitionFile& file, const std::string& id,
                  const std::string& message) {
  const auto position = file.PositionOf(id, message);
  return position.has_value()
             ? absl::StrCat(position->line, ":", position->column)
             : "nowhere";
}

void ExpectSame(const v1::GetPipelineDefinitionOutput& definition,
                const std::string& expected_text) {
  v1::GetPipelineDefinitionOutput expected;
  ASSERT_TRUE(
      google::protobuf::TextFormat::ParseFromString(expected_text, &expected));
  std::string difference;
  google::protobuf::util::MessageDifferencer differencer;
  differencer.ReportDifferencesToString(&difference);
  EXPECT_TRUE(differencer.Compare(expected, definition)) << difference;
}

TEST(DefinitionFile, EveryKeyBecomesFieldsSortedByKey) {
  ExpectSame(Parsed(kHello).definition(), R"(
    pipeline_objects {
      id: "Default" name: "Default"
      fields { key: "workerGroup" string_value: "wg" }
    }
    pipeline_objects {
      id: "Hello" name: "Say it"
      fields { key: "command" string_value: "echo \"\303\274\"" }
      fields { key: "dependsOn" ref_value: "A" }
      fields { key: "dependsOn" ref_value: "B" }
      fields { key: "schedule" ref_value: "Hourly" }
      fields { key: "scriptArgument" string_value: "b" }
      fields { key: "scriptArgument" string_value: "a" }
      fields { key: "type" string_value: "ShellCommandActivity" }
    }
    parameter_objects {
      id: "myWord"
      attributes { key: "allowedValues" string_value: "x" }
      attributes { key: "allowedValues" string_value: "y" }
      attributes { key: "type" string_value: "String" }
    }
    parameter_values { id: "myWord" string_value: "x" }
    parameter_values { id: "myList" string_value: "2" }
    parameter_values { id: "myList" string_value: "1" })");
}

TEST(DefinitionFile, WhatIsWrittenOutReadsBackTheSame) {
  const DefinitionFile file = Parsed(kHello);
  const std::string text = DefinitionText(file.definition());
  const DefinitionFile again = Parsed(text);
  EXPECT_EQ(again.definition().DebugString(), file.definition().DebugString());
  EXPECT_EQ(DefinitionText(again.definition()), text);
}

TEST(DefinitionFile, WhatIsWrittenOutIsIndentedAndNamesComeFirst) {
  const DefinitionFile file = Parsed(
      R"({"objects": [{"id": "A", "b": ["1", {"ref": "C"}], "a": "\n"}],
          "values": {"myX": "1"}})");
  EXPECT_EQ(DefinitionText(file.definition()), R"({
    "objects": [
        {
            "id": "A",
            "name": "A",
            "a": "\n",
            "b": [
                "1",
                {"ref": "C"}
            ]
        }
    ],
    "values": {
        "myX": "1"
    }
}
)");
  EXPECT_EQ(DefinitionText({}), "{\n    \"objects\": []\n}\n");
}

TEST(DefinitionFile, WhatIsNoJsonIsShownWhereItEnds) {
  EXPECT_THAT(ErrorOf("{\n  \"objects\": [,]\n}"), HasSubstr("f.json:2:15: "));
  EXPECT_THAT(ErrorOf("{\"objects\": []\n"), HasSubstr("f.json:2:1: "));
  EXPECT_THAT(ErrorOf("{\"objects\": []}\n]"), HasSubstr("f.json:2:1: "));
  EXPECT_THAT(ErrorOf(""), HasSubstr("f.json:1:1: "));
}

TEST(DefinitionFile, WhatTheApiHasNoPlaceForIsRefusedWithItsPlaceAndARemedy) {
  EXPECT_EQ(ErrorOf("{\"objects\": [\n  {\"id\": \"A\", \"tries\": 3}]}"),
            "f.json:2:24: \"tries\" of A is a number (3): write \"3\".");
  EXPECT_EQ(ErrorOf(R"({"objects": [{"id": "A", "x": [true]}]})"),
            "f.json:1:32: \"x\" of A is a boolean (true): write \"true\".");
  EXPECT_THAT(ErrorOf(R"({"objects": [{"id": "A", "x": null}]})"),
              HasSubstr("is null"));
  EXPECT_THAT(ErrorOf(R"({"objects": [{"id": "A", "x": {"reff": "B"}}]})"),
              HasSubstr("{\"ref\": \"ID\"}"));
  EXPECT_THAT(
      ErrorOf(R"({"objects": [{"id": "A", "x": {"ref": "B", "y": "C"}}]})"),
      HasSubstr("is an object"));
  EXPECT_THAT(ErrorOf(R"({"objects": [{"id": "A", "x": [["B"]]}]})"),
              HasSubstr("lists cannot hold lists"));
  EXPECT_THAT(ErrorOf(R"({"objects": [], "values": {"myX": {"ref": "B"}}})"),
              HasSubstr("1:35"));
  EXPECT_THAT(
      ErrorOf(R"({"objects": [], "parameters": [{"id": "myX", "n": 1}]})"),
      HasSubstr("write \"1\""));
}

TEST(DefinitionFile, WhatIsMissingOrOfAnotherKindIsNamed) {
  EXPECT_EQ(ErrorOf(R"({"parameters": []})"),
            "f.json:1:1: There is no \"objects\".");
  EXPECT_THAT(ErrorOf("[]"), HasSubstr("is a list, not an object"));
  EXPECT_THAT(ErrorOf(R"({"objects": {}})"),
              HasSubstr("1:13: \"objects\" is an object, not a list."));
  EXPECT_THAT(ErrorOf(R"({"objects": [{"name": "A"}]})"),
              HasSubstr("1:14: An object has no \"id\"."));
  EXPECT_THAT(ErrorOf(R"({"objects": [{"id": "A", "name": 7}]})"),
              HasSubstr("The \"name\" of A is a number (7), not a string."));
  EXPECT_THAT(ErrorOf(R"({"values": []})", Part::kValues),
              HasSubstr("not an object"));
}

TEST(DefinitionFile, AKeyThatIsThereTwiceCountsAsItIsWrittenLast) {
  const DefinitionFile file = Parsed(
      "{\"objects\": [{\"id\": \"A\",\n\"x\": \"1\", \"x\": \"2\"}],\n"
      "\"note\": 7}");
  EXPECT_EQ(file.definition().pipeline_objects(0).fields_size(), 1);
  EXPECT_EQ(file.definition().pipeline_objects(0).fields(0).string_value(),
            "2");
  EXPECT_THAT(file.notes(),
              ElementsAre("f.json:2:1: \"x\" is written again below, and "
                          "counts as it is there.",
                          "f.json:3:1: \"note\" is ignored."));
  EXPECT_THAT(Parsed(kHello).notes(), IsEmpty());
}

TEST(DefinitionFile, AMessageIsPlacedAtTheKeyThatItNames) {
  const DefinitionFile file = Parsed(kHello);
  EXPECT_EQ(Place(file, "Hello", "isn't right: 'command' must"), "9:6");
  EXPECT_EQ(Place(file, "Hello", "\"scriptArgument\""), "10:6");
  EXPECT_EQ(Place(file, "Hello", "'runsOn' is missing"), "7:6");
  EXPECT_EQ(Place(file, "Default", "no quotes at all"), "4:7");
  EXPECT_EQ(Place(file, "myWord", "'allowedValues'"), "14:53");
  EXPECT_EQ(Place(file, "myList", "is wrong"), "15:29");
  EXPECT_EQ(Place(file, "Other", "'command'"), "nowhere");
}

TEST(DefinitionFile, ColumnsCountCharacters) {
  const DefinitionFile file =
      Parsed(R"({"objects": [{"ü": "ü", "id": "A", "b": "x"}]})");
  EXPECT_EQ(Place(file, "A", "'b'"), "1:36");
}

TEST(DefinitionFile, OfTwoObjectsWithOneIdTheLaterIsMeant) {
  EXPECT_EQ(Place(Parsed("{\"objects\": [{\"id\": \"A\"},\n{\"id\": \"A\"}]}"),
                  "A", "twice"),
            "2:2");
}

TEST(DefinitionFile, ItIsReadAsTheAwsCliNamesIt) {
  const std::string path = absl::StrCat(testing::TempDir(), "/hello.json");
  std::ofstream(path) << kHello;
  const auto file =
      DefinitionFile::Read(absl::StrCat("file://", path), Part::kObjects);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_EQ(file->path(), path);
  EXPECT_TRUE(absl::IsInvalidArgument(
      DefinitionFile::Read("/nowhere/at/all", Part::kObjects).status()));
}

}  // namespace
}  // namespace holdline::client
