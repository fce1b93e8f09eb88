#include "server/queries/marker.h"

#include <cstdint>
#include <limits>
#include <string>

#include "absl/strings/escaping.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

constexpr int64_t kMin = std::numeric_limits<int64_t>::min();
constexpr int64_t kMax = std::numeric_limits<int64_t>::max();

TEST(Marker, ComesBackAsItWas) {
  EXPECT_THAT(
      *ReadMarker(MakeMarker(MarkerKind::kInstanceIds, {0, -1, kMin, kMax}),
                  MarkerKind::kInstanceIds, 4),
      testing::ElementsAre(0, -1, kMin, kMax));
}

TEST(Marker, IsShort) {
  EXPECT_LE(
      MakeMarker(MarkerKind::kAttemptIds, {kMin, kMin, kMin, kMin, kMin, kMin})
          .size(),
      200u);
}

TEST(Marker, OfAnotherKindOrLengthIsRefused) {
  const std::string marker = MakeMarker(MarkerKind::kPipelines, {1});
  EXPECT_TRUE(absl::IsInvalidArgument(
      ReadMarker(marker, MarkerKind::kObjects, 1).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      ReadMarker(marker, MarkerKind::kPipelines, 2).status()));
}

TEST(Marker, WhatIsNoneIsRefusedWithoutBeingQuoted) {
  for (const std::string& text :
       {std::string("12"), std::string("!!"), std::string("p:1"),
        absl::WebSafeBase64Escape("p"), absl::WebSafeBase64Escape("p:"),
        absl::WebSafeBase64Escape("p:x"),
        absl::WebSafeBase64Escape("p:99999999999999999999")}) {
    const auto numbers = ReadMarker(text, MarkerKind::kPipelines, 1);
    EXPECT_EQ(std::string(numbers.status().message()),
              "1 validation error detected: Value at 'marker' failed to "
              "satisfy constraint: Member must be a marker from an "
              "earlier response")
        << text;
  }
}

}  // namespace
}  // namespace holdline
