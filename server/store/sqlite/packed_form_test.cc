#include "server/store/sqlite/packed_form.h"

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;

template <size_t kSize>
std::string Bytes(const char (&literal)[kSize]) {
  return std::string(literal, kSize - 1);
}

// What a version before 6 has packed: an object with two fields, a parameter
// with an attribute, and a value.
std::string PackedDefinition() {
  return Bytes(
      "\x01\x01\x01\x41\x01\x61\x02\x01\x6b\x01\x76\x00\x01\x6b\x01\x42"
      "\x01\x01\x03\x6d\x79\x50\x01\x04\x74\x79\x70\x65\x00\x00\x01\x03"
      "\x6d\x79\x50\x02\x6e\x6f");
}

Definition SomeDefinition() {
  return {.objects =
              {{.id = "A",
                .name = "a",
                .fields = {{.key = "k", .value = "v"},
                           {.key = "k", .value = "B", .is_reference = true}}}},
          .parameters = {{.id = "myP",
                          .attributes = {{.key = "type", .value = ""}}}},
          .values = {{.id = "myP", .value = "no"}}};
}

TEST(PackedForm, BringsADefinitionBack) {
  EXPECT_EQ(UnpackDefinition(PackedDefinition()), SomeDefinition());
}

TEST(PackedForm, BringsTagsBack) {
  const std::vector<Tag> tags = {{.key = "a", .value = ""},
                                 {.key = "team", .value = "blue"}};
  EXPECT_EQ(
      UnpackTags(Bytes(
          "\x01\x02\x01\x61\x00\x04\x74\x65\x61\x6d\x04\x62\x6c\x75\x65")),
      tags);
  EXPECT_THAT(UnpackTags(""), Optional(IsEmpty()));
}

TEST(PackedForm, BringsInstancesBack) {
  const InstanceKey near = {.pipeline = PipelineNumber{9},
                            .start = absl::FromUnixSeconds(1700000000),
                            .component = ComponentNumber{1}};
  const auto key = [&](uint64_t pipeline, absl::Duration after,
                       uint32_t component, uint32_t owner) {
    return InstanceKey{PipelineNumber{pipeline}, near.start + after,
                       ComponentNumber{component}, ComponentNumber{owner}};
  };
  EXPECT_THAT(
      UnpackInstances(
          Bytes(
              "\x01\x03\x00\x00\x07\x01\x02\xff\xbf\xc6\xb8\x98\x04\xac\x02\x00"
              "\x03\x0a\x01\x00"),
          near),
      Optional(ElementsAre(key(9, absl::ZeroDuration(), 7, 1),
                           key(10, -absl::Hours(20), 300, 0),
                           key(7, absl::Microseconds(5), 1, 0))));
  EXPECT_THAT(UnpackInstances("", near), Optional(IsEmpty()));
}

TEST(PackedForm, NoticesADefinitionThatWasCutOrHasMore) {
  const std::string packed = PackedDefinition();
  for (size_t size = 0; size < packed.size(); ++size) {
    EXPECT_EQ(UnpackDefinition(packed.substr(0, size)), std::nullopt) << size;
  }
  EXPECT_EQ(UnpackDefinition(packed + "x"), std::nullopt);
}

TEST(PackedForm, DoesNotGuessAtAnotherForm) {
  std::string packed = PackedDefinition();
  packed[0] = 2;
  EXPECT_EQ(UnpackDefinition(packed), std::nullopt);
  EXPECT_EQ(UnpackTags(Bytes("\x02\x00")), std::nullopt);
}

TEST(PackedForm, SurvivesAnyDamage) {
  const std::string packed = PackedDefinition();
  for (size_t at = 0; at < packed.size(); ++at) {
    for (int value : {0, 1, 0x7f, 0x80, 0xff}) {
      std::string damaged = packed;
      damaged[at] = static_cast<char>(value);
      UnpackDefinition(damaged);
    }
  }
}

TEST(PackedForm, ANumberThatNeverEndsIsDamage) {
  EXPECT_EQ(UnpackTags(std::string(12, '\xff')), std::nullopt);
}

}  // namespace
}  // namespace holdline
