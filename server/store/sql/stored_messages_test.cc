#include "server/store/sql/stored_messages.h"

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

Definition SomeDefinition() {
  return {.objects =
              {{.id = "A",
                .name = "a",
                .fields = {{.key = "k", .value = "v"},
                           {.key = "k", .value = "B", .is_reference = true}}}},
          .parameters = {{.id = "myP",
                          .attributes = {{.key = "type", .value = "\xff"}}}},
          .values = {{.id = "myP", .value = std::string(300, '\0')}}};
}

InstanceKey Key(uint64_t pipeline, int64_t start, uint32_t component,
                uint32_t owner = 0) {
  return {PipelineNumber{pipeline}, absl::FromUnixMicros(start),
          ComponentNumber{component}, ComponentNumber{owner}};
}

TEST(StoredMessages, BringADefinitionBack) {
  for (const Definition& definition : {SomeDefinition(), Definition()}) {
    Definition decoded;
    EXPECT_TRUE(DecodeDefinition(EncodeDefinition(definition), decoded));
    EXPECT_EQ(decoded, definition);
  }
}

TEST(StoredMessages, BringTagsBack) {
  const std::vector<Tag> tags = {{.key = "a", .value = ""},
                                 {.key = std::string(200, 'x'), .value = "b"}};
  std::vector<Tag> decoded;
  EXPECT_TRUE(DecodeTags(EncodeTags(tags), decoded));
  EXPECT_EQ(decoded, tags);
}

TEST(StoredMessages, BringInstancesBackFromAnywhere) {
  const std::vector<InstanceKey> keys = {
      Key(1, 0, 1),
      Key(UINT64_MAX, INT64_MIN + 1, UINT32_MAX, UINT32_MAX),
      Key(0, INT64_MAX - 1, 0),
      {PipelineNumber{1}, absl::InfinitePast(), ComponentNumber{2}},
      {PipelineNumber{1}, absl::InfiniteFuture(), ComponentNumber{2}}};
  for (const InstanceKey& near : keys) {
    std::vector<InstanceKey> decoded;
    ASSERT_TRUE(DecodeInstances(EncodeInstances(keys, near), near, decoded));
    EXPECT_EQ(decoded, keys);
    for (const InstanceKey& key : keys) {
      InstanceKey one;
      ASSERT_TRUE(DecodeInstance(EncodeInstance(key, near), near, one));
      EXPECT_EQ(one, key);
    }
  }
}

TEST(StoredMessages, ListsOfNothingTakeNoByte) {
  EXPECT_EQ(EncodeTags({}), "");
  EXPECT_EQ(EncodeInstances({}, Key(1, 2, 3)), "");
  std::vector<Tag> tags;
  EXPECT_TRUE(DecodeTags("", tags));
  EXPECT_THAT(tags, testing::IsEmpty());
}

TEST(StoredMessages, InstancesOfTheSameIntervalTakeFourBytesEach) {
  const InstanceKey near = Key(1234567, 1700000000000000, 1);
  const std::vector<InstanceKey> keys(100, near);
  EXPECT_EQ(EncodeInstances(keys, near).size(), 400u);
}

TEST(StoredMessages, NoticeADefinitionThatHasMore) {
  Definition decoded;
  for (const char* more : {"x", "\x0a", "\x0a\x7f"}) {
    EXPECT_FALSE(
        DecodeDefinition(EncodeDefinition(SomeDefinition()) + more, decoded));
  }
  EXPECT_FALSE(DecodeDefinition(
      EncodeDefinition(SomeDefinition()) + std::string(1, '\0'), decoded));
}

TEST(StoredMessages, SurviveAnyDamage) {
  const std::string bytes = EncodeDefinition(SomeDefinition());
  for (size_t at = 0; at < bytes.size(); ++at) {
    Definition cut;
    DecodeDefinition(bytes.substr(0, at), cut);
    for (int value : {0, 1, 0x7f, 0x80, 0xff}) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(value);
      Definition decoded;
      DecodeDefinition(damaged, decoded);
    }
  }
}

}  // namespace
}  // namespace holdline
