#include "server/auth/sigv4/canonical_request.h"

#include "gtest/gtest.h"
#include "server/auth/sigv4/signing_key.h"

namespace holdline {
namespace {

TEST(CanonicalPath, HasNoDotsAndNoEmptySegments) {
  EXPECT_EQ(CanonicalPath(""), "/");
  EXPECT_EQ(CanonicalPath("/"), "/");
  EXPECT_EQ(CanonicalPath("//"), "/");
  EXPECT_EQ(CanonicalPath("/./"), "/");
  EXPECT_EQ(CanonicalPath("/./example"), "/example");
  EXPECT_EQ(CanonicalPath("//example//"), "/example/");
  EXPECT_EQ(CanonicalPath("/example/.."), "/");
  EXPECT_EQ(CanonicalPath("/example1/example2/../.."), "/");
  EXPECT_EQ(CanonicalPath("/../../a"), "/a");
  EXPECT_EQ(CanonicalPath("/a/../b/"), "/b/");
}

TEST(CanonicalPath, IsEncodedOnceMore) {
  EXPECT_EQ(CanonicalPath("/example space/"), "/example%20space/");
  EXPECT_EQ(CanonicalPath("/example%20space/"), "/example%2520space/");
  EXPECT_EQ(CanonicalPath("/\xe1\x88\xb4"), "/%E1%88%B4");
  EXPECT_EQ(CanonicalPath("/-._~0123456789abcXYZ"), "/-._~0123456789abcXYZ");
}

TEST(CanonicalQuery, IsSortedByNameAndValue) {
  EXPECT_EQ(CanonicalQuery(""), "");
  EXPECT_EQ(CanonicalQuery("Param2=value2&Param1=value1"),
            "Param1=value1&Param2=value2");
  EXPECT_EQ(CanonicalQuery("a=2&a=1&A=3&a"), "A=3&a=&a=1&a=2");
  EXPECT_EQ(CanonicalQuery("&&a=1&"), "a=1");
  EXPECT_EQ(CanonicalQuery("a=b=c"), "a=b%3Dc");
}

TEST(CanonicalQuery, IsEncodedInOneWay) {
  EXPECT_EQ(CanonicalQuery("\xe1\x88\xb4=bar"), "%E1%88%B4=bar");
  EXPECT_EQ(CanonicalQuery("%e1%88%b4=%62ar"), "%E1%88%B4=bar");
  EXPECT_EQ(CanonicalQuery("a=%zz&b=%4&c=%"), "a=%25zz&b=%254&c=%25");
  EXPECT_EQ(CanonicalQuery("-._~=x y"), "-._~=x%20y");
}

TEST(CanonicalHeadersTest, FoldWhiteSpace) {
  const CanonicalHeaders headers({{"My-Header1", "  a \t  b   c  "},
                                  {"my-header2", "\"a   b\""},
                                  {"Empty", "  "},
                                  {"Lines", "a\r\n  b\r\n c"}});
  EXPECT_EQ(*headers.Find("my-header1"), "a b c");
  EXPECT_EQ(*headers.Find("my-header2"), "\"a b\"");
  EXPECT_EQ(*headers.Find("empty"), "");
  EXPECT_EQ(*headers.Find("lines"), "a b c");
  EXPECT_EQ(headers.Find("My-Header1"), nullptr);
  EXPECT_EQ(headers.Find("my-header"), nullptr);
}

TEST(CanonicalHeadersTest, JoinThoseOfOneNameInTheirOrder) {
  const CanonicalHeaders headers(
      {{"X", "4"}, {"Other", "o"}, {"x", " 1 "}, {"X", ""}, {"x", "2"}});
  EXPECT_EQ(*headers.Find("x"), "4,1,,2");
  EXPECT_EQ(headers.CountOf("x"), 4);
  // Of two only, at the ends of the list, too.
  const CanonicalHeaders pairs(
      {{"b", "1"}, {"A", "long enough for memory"}, {"B", "2"}, {"a", "3"}});
  EXPECT_EQ(*pairs.Find("a"), "long enough for memory,3");
  EXPECT_EQ(*pairs.Find("b"), "1,2");
  EXPECT_EQ(*headers.Find("other"), "o");
  EXPECT_EQ(headers.CountOf("nothing"), 0);
}

TEST(CanonicalHeadersTest, TellWhatIsNotSigned) {
  const CanonicalHeaders headers({{"X-Amz-Date", "d"},
                                  {"x-amz-target", "t"},
                                  {"X-Amzn-Trace-Id", "i"},
                                  {"Host", "h"}});
  EXPECT_EQ(headers.FirstNotIn({"x-amz-date", "x-amz-target"}, "x-amz-"),
            nullptr);
  EXPECT_EQ(*headers.FirstNotIn({"host", "x-amz-date"}, "x-amz-"),
            "x-amz-target");
}

AuthorizationHeader Signing(std::vector<absl::string_view> names,
                            absl::string_view joined) {
  AuthorizationHeader authorization;
  authorization.signed_headers = joined;
  authorization.signed_header_names = std::move(names);
  return authorization;
}

// The signature of a canonical request whose body is empty, at the time and in
// the region of AWS's documentation, with the secret that it shows.
std::string SignatureOf(const std::string& prefix, const std::string& service) {
  const std::string scope = "20150830/us-east-1/" + service + "/aws4_request";
  const std::string canonical = prefix + ToHex(Sha256(""));
  const std::string to_sign = "AWS4-HMAC-SHA256\n20150830T123600Z\n" + scope +
                              "\n" + ToHex(Sha256(canonical));
  const Sha256Digest key =
      SigningKeyOf({"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "20150830",
                    "us-east-1", service});
  return ToHex(HmacSha256(AsBytes(key), to_sign));
}

TEST(CanonicalRequest, OfTheSimplestExampleHasTheDocumentedSignature) {
  const SignedRequest request = {
      "GET",
      "/",
      {{"Host", "example.amazonaws.com"}, {"X-Amz-Date", "20150830T123600Z"}}};
  const auto prefix = CanonicalRequestPrefix(
      request, CanonicalHeaders(request.headers),
      Signing({"host", "x-amz-date"}, "host;x-amz-date"));
  ASSERT_TRUE(prefix.has_value());
  EXPECT_EQ(*prefix,
            "GET\n/\n\nhost:example.amazonaws.com\n"
            "x-amz-date:20150830T123600Z\n\nhost;x-amz-date\n");
  EXPECT_EQ(SignatureOf(*prefix, "service"),
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31");
}

TEST(CanonicalRequest, OfTheExampleWithAQueryHasTheDocumentedSignature) {
  const SignedRequest request = {
      "GET",
      "/?Version=2010-05-08&Action=ListUsers",
      {{"X-Amz-Date", "20150830T123600Z"},
       {"Host", "iam.amazonaws.com"},
       {"Content-Type", "application/x-www-form-urlencoded;   charset=utf-8"},
       {"User-Agent", "not signed"}}};
  const auto prefix =
      CanonicalRequestPrefix(request, CanonicalHeaders(request.headers),
                             Signing({"content-type", "host", "x-amz-date"},
                                     "content-type;host;x-amz-date"));
  ASSERT_TRUE(prefix.has_value());
  EXPECT_EQ(SignatureOf(*prefix, "iam"),
            "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
}

TEST(CanonicalRequest, NeedsEveryHeaderThatIsSigned) {
  const SignedRequest request = {"GET", "/", {{"Host", "h"}}};
  EXPECT_FALSE(CanonicalRequestPrefix(request,
                                      CanonicalHeaders(request.headers),
                                      Signing({"host", "x"}, "host;x"))
                   .has_value());
}

}  // namespace
}  // namespace holdline
