#include "server/auth/sigv4/signing_date.h"

#include "gtest/gtest.h"

namespace holdline {
namespace {

constexpr char kNormal[] = "20121112T174952Z";

std::string Normal(const std::string& text) {
  const auto date = ParseSigningDate(text);
  if (!date.has_value()) return "";
  EXPECT_EQ(date->signed_form, FormatSigningDate(date->time));
  return date->signed_form;
}

TEST(SigningDate, IsReadInTheFormOfSdks) {
  EXPECT_EQ(Normal(kNormal), kNormal);
  EXPECT_EQ(ParseSigningDate(kNormal)->time, absl::FromUnixSeconds(1352742592));
}

TEST(SigningDate, IsReadInTheFormsOfOldClients) {
  EXPECT_EQ(Normal("Mon, 12 Nov 2012 17:49:52 GMT"), kNormal);
  EXPECT_EQ(Normal("Monday, 12-Nov-12 17:49:52 GMT"), kNormal);
  EXPECT_EQ(Normal("Mon Nov 12 17:49:52 2012"), kNormal);
  EXPECT_EQ(Normal("Tue Nov  6 17:49:52 2012"), "20121106T174952Z");
}

TEST(SigningDate, IsNothingElse) {
  for (const char* text : {"",
                           "now",
                           "20121112",
                           "20121112T174952",
                           "20121112T174952z",
                           "20121112t174952Z",
                           "20121312T174952Z",
                           "20121132T174952Z",
                           "01221112T174952Z",
                           "20121112T254952Z",
                           "2012111 T174952Z",
                           "+0121112T174952Z",
                           "20121112T174952Z ",
                           "20121112T174952+00",
                           "2012-11-12T17:49:52Z",
                           "1352742592",
                           "Mon, 12 Nov 2012 17:49:52 CET",
                           "Mon, 12 Nov 2012 17:49:52",
                           "12 Nov 2012 17:49:52 GMT",
                           "infinite-future",
                           "infinite-past",
                           "Mon, 12 Nov 12 17:49:52 GMT",
                           "Mon Nov 12 17:49:52 12012"}) {
    EXPECT_EQ(Normal(text), "") << text;
  }
}

}  // namespace
}  // namespace holdline
