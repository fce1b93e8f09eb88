// What is said of a definition tells no value that goes by a secret name.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/pipeline/testing/sample_definitions.h"
#include "server/pipeline/testing/validation_harness.h"

namespace holdline {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kPlanted[] = "hunter2";

// Everything that is said, of putting it and of activating it.
std::vector<std::string> AllSaid(const Definition& definition) {
  std::vector<std::string> said;
  for (const ValidationReport& report :
       {Check(definition), CheckActivation(definition, {})}) {
    for (const auto* list : {&report.fatal, &report.errors, &report.warnings}) {
      for (std::string& message : Flat(*list)) {
        said.push_back(std::move(message));
      }
    }
  }
  return said;
}

// Something is wrong with it, and the value is not told.
void ExpectUntold(const Definition& definition) {
  const std::vector<std::string> said = AllSaid(definition);
  EXPECT_THAT(said, Not(IsEmpty()));
  EXPECT_THAT(said, Each(Not(HasSubstr(kPlanted))));
}

TEST(ValidationSecrets, AreNotToldOfParameters) {
  for (const std::vector<Field>& attributes : std::vector<std::vector<Field>>{
           {{"type", "Integer"}},
           {{"type", "Double"}},
           {{"type", "AWS::S3::ObjectKey"}},
           {{"allowedValues", absl::StrCat(kPlanted, "1")},
            {"allowedValues", absl::StrCat(kPlanted, "2")}}}) {
    Definition definition = ShellPipeline();
    definition.parameters = {{"*mySecret", attributes}};
    definition.values = {{"*mySecret", kPlanted}};
    ExpectUntold(definition);
    definition.values.clear();
    definition.parameters[0].attributes.push_back({"default", kPlanted});
    ExpectUntold(definition);
  }
}

// Where a value can end up: each field, by its kind, in every type.
TEST(ValidationSecrets, AreNotToldOfTheFieldsThatParametersGoInto) {
  for (Definition definition : SampleDefinitions()) {
    for (size_t i = 0; i < definition.objects.size(); ++i) {
      for (size_t j = 0; j < definition.objects[i].fields.size(); ++j) {
        for (const char* value :
             {"hunter2", "#{hunter2(1)}", "#{'hunter2' -"}) {
          for (const char* text :
               {"#{*mySecret}", "a #{*mySecret}", "#{*mySecret - 1}"}) {
            Definition changed = definition;
            if (changed.objects[i].fields[j].is_reference) continue;
            changed.objects[i].fields[j].value = text;
            changed.values.push_back({"*mySecret", value});
            EXPECT_THAT(AllSaid(changed), Each(Not(HasSubstr(kPlanted))))
                << changed.objects[i].id << "."
                << changed.objects[i].fields[j].key;
          }
        }
      }
    }
  }
}

TEST(ValidationSecrets, AreNotToldOfSecretFields) {
  for (const char* value : {"#{hunter2(1)}", "#{a.b.@hunter2}", "#{'hunter2",
                            "#{myhunter2}", "#{*myhunter2}"}) {
    Definition definition = ShellPipeline();
    Set(definition, "Compress", {"*password", value});
    ExpectUntold(definition);
  }
  Definition definition = ShellPipeline();
  Set(definition, "Compress", {"*link", Ref("hunter2")});
  ExpectUntold(definition);
}

TEST(ValidationSecrets, AreNotToldAsTheStartOfASchedule) {
  Definition definition = HelloPipeline();
  definition.values = {{"*myStart", "1987-06-05T04:03:02"}};
  for (PipelineObject& object : definition.objects) {
    for (Field& field : object.fields) {
      if (field.key == "startDateTime") field.value = "#{*myStart}";
    }
  }
  Set(definition, "Default", {"failureAndRerunMode", "cascade"});
  const std::vector<std::string> said = AllSaid(definition);
  EXPECT_THAT(said, Not(IsEmpty()));
  EXPECT_THAT(said, Each(Not(HasSubstr("1987"))));
}

}  // namespace
}  // namespace holdline
