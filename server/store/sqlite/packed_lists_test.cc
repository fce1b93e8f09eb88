#include "server/store/sqlite/packed_lists.h"

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/store/sqlite/packing.h"

namespace holdline {
namespace {

using testing::IsEmpty;

Definition SomeDefinition() {
  return {.objects =
              {{.id = "A",
                .name = "a",
                .fields = {{.key = "k", .value = "v"},
                           {.key = "k", .value = "B", .is_reference = true}}}},
          .parameters = {{.id = "myP",
                          .attributes = {{.key = "type", .value = ""}}}},
          .values = {{.id = "myP", .value = std::string(300, '\0')}}};
}

InstanceKey Key(uint64_t pipeline, int64_t start, uint32_t component,
                uint32_t owner = 0) {
  return {PipelineNumber{pipeline}, absl::FromUnixMicros(start),
          ComponentNumber{component}, ComponentNumber{owner}};
}

TEST(Packing, KeepsNumbersOfEverySize) {
  const uint64_t numbers[] = {
      0,     1,          127,       128,        16383,
      16384, UINT32_MAX, INT64_MAX, UINT64_MAX, UINT64_MAX - 1};
  Packer packer;
  for (uint64_t number : numbers) packer.PutNumber(number);
  for (uint64_t number : numbers) {
    packer.PutSigned(static_cast<int64_t>(number));
  }
  const std::string packed = packer.Take();
  Unpacker unpacker(packed);
  for (uint64_t number : numbers) EXPECT_EQ(unpacker.TakeNumber(), number);
  for (uint64_t number : numbers) {
    EXPECT_EQ(unpacker.TakeSigned(), static_cast<int64_t>(number));
  }
  EXPECT_TRUE(unpacker.Complete());
}

TEST(Packing, SmallNumbersTakeOneByte) {
  Packer packer;
  packer.PutNumber(127);
  packer.PutSigned(-64);
  packer.PutSigned(63);
  EXPECT_EQ(packer.Take().size(), 3u);
}

TEST(Packing, WhatIsMissingIsReadAsNothingAndNoticed) {
  Unpacker empty("");
  EXPECT_EQ(empty.TakeNumber(), 0u);
  EXPECT_FALSE(empty.ok());
  Unpacker cut("\x05quit");
  EXPECT_EQ(cut.TakeText(), "");
  EXPECT_FALSE(cut.ok());
  Unpacker endless("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff");
  EXPECT_EQ(endless.TakeNumber(), 0u);
  EXPECT_FALSE(endless.ok());
  EXPECT_EQ(endless.TakeText(), "");
}

TEST(PackedLists, BringADefinitionBack) {
  EXPECT_EQ(UnpackDefinition(PackDefinition(SomeDefinition())),
            SomeDefinition());
  EXPECT_EQ(UnpackDefinition(PackDefinition({})), Definition());
}

TEST(PackedLists, NoticeADefinitionThatWasCutOrHasMore) {
  const std::string packed = PackDefinition(SomeDefinition());
  for (size_t size = 0; size < packed.size(); ++size) {
    EXPECT_EQ(UnpackDefinition(packed.substr(0, size)), std::nullopt) << size;
  }
  EXPECT_EQ(UnpackDefinition(packed + "x"), std::nullopt);
}

TEST(PackedLists, DoNotGuessAtALaterForm) {
  std::string packed = PackDefinition(SomeDefinition());
  packed[0] = 2;
  EXPECT_EQ(UnpackDefinition(packed), std::nullopt);
  packed = PackTags({{.key = "a", .value = "b"}});
  packed[0] = 2;
  EXPECT_EQ(UnpackTags(packed), std::nullopt);
}

TEST(PackedLists, SurviveAnyDamage) {
  const std::string packed = PackDefinition(SomeDefinition());
  for (size_t at = 0; at < packed.size(); ++at) {
    for (int value : {0, 1, 0x7f, 0x80, 0xff}) {
      std::string damaged = packed;
      damaged[at] = static_cast<char>(value);
      UnpackDefinition(damaged);
    }
  }
}

TEST(PackedLists, BringTagsBack) {
  const std::vector<Tag> tags = {{.key = "a", .value = ""},
                                 {.key = std::string(200, 'x'), .value = "b"}};
  EXPECT_EQ(UnpackTags(PackTags(tags)), tags);
  EXPECT_EQ(PackTags({}), "");
  EXPECT_THAT(*UnpackTags(""), IsEmpty());
}

TEST(PackedLists, BringInstancesBackFromAnywhere) {
  const std::vector<InstanceKey> keys = {
      Key(1, 0, 1),
      Key(UINT64_MAX, INT64_MIN + 1, UINT32_MAX, UINT32_MAX),
      Key(0, INT64_MAX - 1, 0),
      {PipelineNumber{1}, absl::InfinitePast(), ComponentNumber{2}},
      {PipelineNumber{1}, absl::InfiniteFuture(), ComponentNumber{2}}};
  for (const InstanceKey& near : keys) {
    const auto unpacked = UnpackInstances(PackInstances(keys, near), near);
    ASSERT_TRUE(unpacked.has_value());
    EXPECT_EQ(unpacked->front(), keys.front());
    EXPECT_EQ(*unpacked, keys);
  }
  EXPECT_EQ(PackInstances({}, keys[0]), "");
}

TEST(PackedLists, InstancesOfTheSameIntervalTakeFourBytesEach) {
  const InstanceKey near = Key(1234567, 1700000000000000, 1);
  const std::vector<InstanceKey> keys(100, near);
  EXPECT_EQ(PackInstances(keys, near).size(), 402u);
}

}  // namespace
}  // namespace holdline
