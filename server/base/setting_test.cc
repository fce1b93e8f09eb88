#include "server/base/setting.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string Error(const absl::Status& status) {
  return std::string(status.message());
}

TEST(SettingTest, DurationsAreReadAndShownAlike) {
  absl::Duration value;
  const Setting setting =
      DurationSetting("x", "X.", &value, absl::Seconds(1), absl::Hours(2));
  EXPECT_TRUE(setting.set("90s").ok());
  EXPECT_EQ(value, absl::Seconds(90));
  EXPECT_EQ(setting.get(), "1m30s");
  EXPECT_TRUE(setting.set("1h30m").ok());
  EXPECT_EQ(value, absl::Minutes(90));
  EXPECT_EQ(setting.range, "1s to 2h");
}

TEST(SettingTest, ADurationOutOfRangeNamesTheLimitAndChangesNothing) {
  absl::Duration value = absl::Seconds(5);
  const Setting setting =
      DurationSetting("x", "X.", &value, absl::Seconds(1), absl::Hours(2));
  for (const std::string text : {"3h", "999ms", "-5s", "inf", "0"}) {
    EXPECT_THAT(Error(setting.set(text)),
                AllOf(HasSubstr("\"" + text + "\""),
                      HasSubstr("must be from 1s to 2h")));
  }
  for (const std::string text : {"", "5", "5 s", "5d", "soon"}) {
    EXPECT_THAT(Error(setting.set(text)), HasSubstr("is not a duration"));
  }
  EXPECT_EQ(value, absl::Seconds(5));
}

TEST(SettingTest, ADurationWithoutALimitMayBeInfinite) {
  absl::Duration value;
  const Setting setting = DurationSetting("x", "X.", &value, absl::Seconds(1),
                                          absl::InfiniteDuration());
  EXPECT_EQ(setting.range, "1s to inf");
  EXPECT_TRUE(setting.set("inf").ok());
  EXPECT_EQ(value, absl::InfiniteDuration());
  EXPECT_EQ(setting.get(), "inf");
}

TEST(SettingTest, NumbersAreWholeAndWithinTheirRange) {
  int value = 5;
  const Setting setting = NumberSetting("x", "X.", &value, 1, 100);
  EXPECT_TRUE(setting.set("100").ok());
  EXPECT_EQ(setting.get(), "100");
  for (const char* text : {"0", "101", "99999999999999999999"}) {
    EXPECT_THAT(Error(setting.set(text)), HasSubstr("must be from 1 to 100"));
  }
  for (const char* text : {"", "-1", "+1", "1.5", "0x10", " 1", "1k"}) {
    EXPECT_THAT(Error(setting.set(text)), HasSubstr("is not a whole number"));
  }
  EXPECT_EQ(value, 100);
}

TEST(SettingTest, BytesHaveUnits) {
  int64_t value = 0;
  const Setting setting = BytesSetting("x", "X.", &value, 1, int64_t{1} << 40);
  const auto read = [&](const std::string& text) {
    return setting.set(text).ok() ? value : -1;
  };
  EXPECT_EQ(read("65536"), 65536);
  EXPECT_EQ(setting.get(), "64KiB");
  EXPECT_EQ(read("1B"), 1);
  EXPECT_EQ(read("3MiB"), 3 << 20);
  EXPECT_EQ(read("1TiB"), int64_t{1} << 40);
  EXPECT_EQ(read("1025"), 1025);
  EXPECT_EQ(setting.get(), "1025");
  for (const std::string text : {"", "MiB", "1.5MiB", "1MB", "1 MiB", "-1"}) {
    EXPECT_THAT(Error(setting.set(text)), HasSubstr("number of bytes")) << text;
  }
  EXPECT_THAT(Error(setting.set("0")), HasSubstr("must be from 1 to 1TiB"));
  EXPECT_THAT(Error(setting.set("2TiB")), HasSubstr("must be from 1 to 1TiB"));
  EXPECT_EQ(read("9999999999TiB"), -1);
}

TEST(SettingTest, ChoicesNameTheWords) {
  int value = 1;
  const Setting setting =
      ChoiceSetting<int>("x", "X.", &value, {{"one", 1}, {"two", 2}});
  EXPECT_EQ(setting.get(), "one");
  EXPECT_TRUE(setting.set("two").ok());
  EXPECT_EQ(value, 2);
  EXPECT_EQ(Error(setting.set("Two")), "\"Two\" is not one of one, two");
}

TEST(SettingTest, TextsAreChecked) {
  std::string value = "a";
  const Setting setting =
      TextSetting("x", "WORD", "X.", &value, [](const std::string& text) {
        return text == "b" ? absl::OkStatus()
                           : absl::InvalidArgumentError("no");
      });
  EXPECT_EQ(Error(setting.set("c")), "no");
  EXPECT_EQ(setting.get(), "a");
  EXPECT_TRUE(setting.set("b").ok());
  EXPECT_EQ(setting.get(), "b");
}

}  // namespace
}  // namespace holdline
