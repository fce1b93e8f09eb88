#include "server/gateway/call_settings.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::testing::HasSubstr;

class CallSettingsTest : public ::testing::Test {
 protected:
  const Setting& Find(const std::string& name) {
    for (const Setting& setting : group_.settings) {
      if (setting.name == name) return setting;
    }
    ADD_FAILURE() << name;
    return group_.settings.front();
  }

  GatewayOptions gateway_;
  Throttling throttling_ = Throttling::kNone;
  SettingGroup group_ = CallSettings(&gateway_, &throttling_);
};

TEST_F(CallSettingsTest, ClientTimeoutsAreReadAndShown) {
  const Setting& setting = Find("http-client-timeouts");
  EXPECT_TRUE(setting.set(" Boto3/=1m30s ,aws-cli/2.=inf").ok());
  ASSERT_EQ(gateway_.clients.size(), 2u);
  EXPECT_EQ(gateway_.clients[0].agent, "Boto3/");
  EXPECT_EQ(gateway_.clients[0].patience, absl::Seconds(90));
  EXPECT_EQ(gateway_.clients[1].patience, absl::InfiniteDuration());
  EXPECT_EQ(setting.get(), "Boto3/=1m30s, aws-cli/2.=inf");
  EXPECT_TRUE(setting.set("").ok());
  EXPECT_TRUE(gateway_.clients.empty());
}

TEST_F(CallSettingsTest, WhatIsNoListOfTimeoutsChangesNothing) {
  const Setting& setting = Find("http-client-timeouts");
  const std::string before = setting.get();
  for (const char* text : {"Boto3/", "=60s", "Boto3/=60", "Boto3/=-1s",
                           "Boto3/=0s", "Boto3/=60s;a=1s", "a=1s,", ","}) {
    EXPECT_THAT(std::string(setting.set(text).message()),
                HasSubstr("AGENT=DURATION"))
        << text;
  }
  EXPECT_EQ(setting.get(), before);
}

TEST_F(CallSettingsTest, TheWindowOfDatesIsAtMostThatOfAws) {
  const Setting& setting = Find("signature-clock-skew-max");
  EXPECT_EQ(setting.get(), "5m");
  EXPECT_TRUE(setting.set("15m").ok());
  EXPECT_FALSE(setting.set("16m").ok());
}

}  // namespace
}  // namespace holdline
