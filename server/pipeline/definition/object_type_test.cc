#include "server/pipeline/definition/object_type.h"

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::testing::ElementsAre;

TEST(ObjectType, IsFoundByItsNameInItsCase) {
  const ObjectType* type = FindObjectType("ShellCommandActivity");
  ASSERT_NE(type, nullptr);
  EXPECT_EQ(type->name, "ShellCommandActivity");
  EXPECT_EQ(type->family, ObjectFamily::kActivity);
  EXPECT_EQ(FindObjectType("shellcommandactivity"), nullptr);
  EXPECT_EQ(FindObjectType("Default"), nullptr);
  EXPECT_EQ(FindObjectType(""), nullptr);
}

TEST(ObjectType, IsOneOfThoseOfTheContract) {
  absl::flat_hash_map<ObjectFamily, int> counts;
  absl::flat_hash_set<absl::string_view> names;
  for (const ObjectType& type : ObjectTypes()) {
    ++counts[type.family];
    EXPECT_TRUE(names.insert(type.name).second) << type.name;
  }
  EXPECT_EQ(counts[ObjectFamily::kActivity], 9);
  EXPECT_EQ(counts[ObjectFamily::kDataNode], 5);
  EXPECT_EQ(counts[ObjectFamily::kResource], 2);
  EXPECT_EQ(counts[ObjectFamily::kPrecondition], 6);
  EXPECT_EQ(counts[ObjectFamily::kDatabase], 3);
  EXPECT_EQ(counts[ObjectFamily::kDataFormat], 6);
  EXPECT_EQ(counts[ObjectFamily::kAction], 2);
  EXPECT_EQ(counts[ObjectFamily::kSchedule], 1);
  EXPECT_EQ(counts[ObjectFamily::kUtility], 7);
}

TEST(ObjectType, HasItsOwnFieldsAndThoseOfItsFamily) {
  const ObjectType& activity = *FindObjectType("EmrActivity");
  ASSERT_NE(FindField(activity, "step"), nullptr);
  EXPECT_EQ(FindField(activity, "step")->values_max, 255u);
  ASSERT_NE(FindField(activity, "dependsOn"), nullptr);
  EXPECT_TRUE(FindField(activity, "dependsOn")->repeated());
  EXPECT_NE(FindField(activity, "type"), nullptr);
  EXPECT_EQ(FindField(activity, "command"), nullptr);

  const ObjectType& node = *FindObjectType("S3DataNode");
  EXPECT_NE(FindField(node, "precondition"), nullptr);
  EXPECT_EQ(FindField(node, "input"), nullptr);

  EXPECT_EQ(FindField(*FindObjectType("CSV"), "schedule"), nullptr);
  EXPECT_EQ(FindField(*FindObjectType("Exists"), "schedule"), nullptr);
  EXPECT_NE(FindField(*FindObjectType("Exists"), "preconditionTimeout"),
            nullptr);
}

TEST(ObjectType, SaysWhoChecksAPrecondition) {
  EXPECT_TRUE(FindObjectType("S3KeyExists")->system_managed);
  EXPECT_TRUE(FindObjectType("S3PrefixNotEmpty")->system_managed);
  EXPECT_TRUE(FindObjectType("DynamoDBDataExists")->system_managed);
  EXPECT_TRUE(FindObjectType("DynamoDBTableExists")->system_managed);
  EXPECT_FALSE(FindObjectType("Exists")->system_managed);
  EXPECT_FALSE(FindObjectType("ShellCommandPrecondition")->system_managed);
}

TEST(ObjectType, GetsInstancesIfItsFamilyIsRunnable) {
  EXPECT_TRUE(IsRunnable(ObjectFamily::kActivity));
  EXPECT_TRUE(IsRunnable(ObjectFamily::kDataNode));
  EXPECT_TRUE(IsRunnable(ObjectFamily::kResource));
  EXPECT_TRUE(IsRunnable(ObjectFamily::kPrecondition));
  EXPECT_FALSE(IsRunnable(ObjectFamily::kAction));
  EXPECT_FALSE(IsRunnable(ObjectFamily::kSchedule));
  EXPECT_FALSE(IsRunnable(ObjectFamily::kNone));
}

// What objects without a type hand down is checked by any type that has it.
TEST(FieldRule, HasOneKindInAllTypes) {
  for (const ObjectType& type : ObjectTypes()) {
    for (const FieldRule& rule : type.fields) {
      EXPECT_EQ(FindFieldOfAnyType(rule.name)->kind, rule.kind)
          << type.name << " " << rule.name;
    }
  }
}

TEST(FieldRule, OfAGroupIsAFieldOfTheType) {
  for (const ObjectType& type : ObjectTypes()) {
    for (const FieldGroup& group : type.groups) {
      for (absl::string_view name : group.names) {
        EXPECT_NE(FindField(type, name), nullptr) << type.name << " " << name;
      }
    }
  }
}

TEST(FieldRule, RefersToTypesThatExist) {
  for (const ObjectType& type : ObjectTypes()) {
    for (const FieldRule& rule : type.fields) {
      for (absl::string_view target : rule.target_types) {
        EXPECT_NE(FindObjectType(target), nullptr) << rule.name;
      }
    }
  }
}

TEST(FieldRule, IsFoundForWhatDefaultHandsDown) {
  ASSERT_NE(FindFieldOfAnyType("resourceRole"), nullptr);
  ASSERT_NE(FindFieldOfAnyType("failureAndRerunMode"), nullptr);
  EXPECT_THAT(FindFieldOfAnyType("failureAndRerunMode")->choices,
              ElementsAre("none", "cascade"));
  EXPECT_EQ(FindFieldOfAnyType("workergroup"), nullptr);
}

TEST(IsUserDefined, WantsACapitalOrAnUnderscoreAfterMy) {
  EXPECT_TRUE(IsUserDefined("myInput"));
  EXPECT_TRUE(IsUserDefined("my_ref"));
  EXPECT_TRUE(IsUserDefined("*myPassword"));
  EXPECT_FALSE(IsUserDefined("my"));
  EXPECT_FALSE(IsUserDefined("mysql"));
  EXPECT_FALSE(IsUserDefined("input"));
}

}  // namespace
}  // namespace holdline
