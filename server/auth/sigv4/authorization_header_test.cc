#include "server/auth/sigv4/authorization_header.h"

#include <string>

#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/base/error_reason.h"

namespace holdline {
namespace {

using ::testing::ElementsAre;

constexpr char kSample[] =
    "AWS4-HMAC-SHA256 Credential=AKID/20121112/us-east-1/datapipeline/"
    "aws4_request, SignedHeaders=content-type;host;x-amz-date, Signature=00ff";

TEST(AuthorizationHeaderTest, IsReadIntoItsParts) {
  const auto header = ParseAuthorizationHeader(kSample);
  ASSERT_TRUE(header.ok()) << header.status();
  EXPECT_EQ(header->access_key, "AKID");
  EXPECT_EQ(header->date, "20121112");
  EXPECT_EQ(header->region, "us-east-1");
  EXPECT_EQ(header->service, "datapipeline");
  EXPECT_EQ(header->terminator, "aws4_request");
  EXPECT_EQ(header->signed_headers, "content-type;host;x-amz-date");
  EXPECT_THAT(header->signed_header_names,
              ElementsAre("content-type", "host", "x-amz-date"));
  EXPECT_EQ(header->signature, "00ff");
}

TEST(AuthorizationHeaderTest, TheOrderOfPartsAndSpaceBetweenThemDoNotMatter) {
  const auto header = ParseAuthorizationHeader(
      "  AWS4-HMAC-SHA256\tSignature=00ff,SignedHeaders=host ,  "
      "Credential=A/B/1/r/s/t ");
  ASSERT_TRUE(header.ok()) << header.status();
  EXPECT_EQ(header->access_key, "A/B");
  EXPECT_EQ(header->date, "1");
  EXPECT_EQ(header->terminator, "t");
  EXPECT_EQ(header->signature, "00ff");
}

// Replaces a part of the sample, and tells how that is refused.
std::string RefusalWith(const std::string& part,
                        const std::string& replacement) {
  const std::string changed =
      absl::StrReplaceAll(kSample, {{part, replacement}});
  EXPECT_NE(changed, kSample) << part;
  const auto header = ParseAuthorizationHeader(changed);
  return header.ok() ? "" : NamedReason(header.status());
}

TEST(AuthorizationHeaderTest, WhatIsIncompleteOrAmbiguousIsRefused) {
  const std::pair<const char*, const char*> changes[] = {
      {"AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1"},
      {"AWS4-HMAC-SHA256 ", "AWS4-HMAC-SHA256"},
      {"AWS4-HMAC-SHA256", "aws4-hmac-sha256"},
      {"AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"},
      {"AWS4-HMAC-SHA256", "Bearer"},
      {"Credential=", "credential="},
      {"Credential=", "Credential"},
      {"Credential=", "Credentials="},
      {"AKID/", "/"},
      {"AKID/", ""},
      {"us-east-1/", "/"},
      {"/aws4_request", "/"},
      {"/20121112/us-east-1/datapipeline/aws4_request", ""},
      {"SignedHeaders=content-type;host;x-amz-date", "SignedHeaders="},
      {", SignedHeaders=content-type;host;x-amz-date", ""},
      {"content-type;host", "host;content-type"},
      {"content-type;host", "host;host"},
      {"content-type;host", "Content-Type;host"},
      {"content-type;host", "content-type;;host"},
      {"content-type;host", ";host"},
      {"x-amz-date,", "x-amz-date;,"},
      {"content-type;host", "content-type; host"},
      {"Signature=00ff", "Signature="},
      {", Signature=00ff", ""},
      {"Signature=00ff", "Signature=00ff, Signature=00ff"},
      {"Signature=00ff", "Signature=00ff,"},
      {"Signature=00ff", "Signature=00ff, Extra=1"},
      {", Signature", " Signature"},
  };
  for (const auto& [part, replacement] : changes) {
    EXPECT_EQ(RefusalWith(part, replacement), "IncompleteSignatureException")
        << part << " -> " << replacement;
  }
}

TEST(AuthorizationHeaderTest, NothingAtAllIsRefused) {
  for (const char* value : {"", " ", "AWS4-HMAC-SHA256", "AWS4-HMAC-SHA256 ",
                            "AWS4-HMAC-SHA256 ,,,", "AWS4-HMAC-SHA256 ="}) {
    EXPECT_FALSE(ParseAuthorizationHeader(value).ok()) << value;
  }
}

}  // namespace
}  // namespace holdline
