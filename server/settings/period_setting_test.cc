#include "server/settings/period_setting.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::testing::HasSubstr;

std::string Error(const absl::Status& status) {
  return std::string(status.message());
}

TEST(PeriodSettingTest, PeriodsAreThoseOfDefinitions) {
  Period value;
  const Setting setting = PeriodSetting(
      "x", "X.", &value, {1, Period::Unit::kMinute}, {3, Period::Unit::kYear});
  EXPECT_EQ(setting.range, "1 minute to 3 years");
  EXPECT_TRUE(setting.set("15 Minutes").ok());
  EXPECT_EQ(setting.get(), "15 minutes");
  EXPECT_THAT(Error(setting.set("37 months")),
              HasSubstr("must be from 1 minute to 3 years"));
  for (const std::string text : {"", "15", "15m", "0 minutes", "soon"}) {
    EXPECT_THAT(Error(setting.set(text)), HasSubstr("is not a period"));
  }
  EXPECT_EQ(value, (Period{15, Period::Unit::kMinute}));
}

}  // namespace
}  // namespace holdline
