#include "server/auth/sigv4/signature.h"

#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/auth/sigv4/signing_date.h"
#include "server/auth/testing/test_signer.h"
#include "server/base/error_reason.h"

namespace holdline {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kDate[] = "20121112T174952Z";
constexpr char kBody[] = R"({"pipelineId": "df-0937003356ZJEXAMPLE"})";
constexpr char kSecret[] = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
constexpr char kNoError[] = "";
constexpr char kIncomplete[] = "IncompleteSignatureException";
constexpr char kInvalid[] = "InvalidSignatureException";
constexpr char kMissing[] = "MissingAuthenticationTokenException";
constexpr char kUnrecognized[] = "UnrecognizedClientException";
constexpr char kExpired[] = "ExpiredTokenException";

// A request whose every part a test may change, before and after it is signed.
class SignatureTest : public ::testing::Test {
 protected:
  SignatureTest() : now_(ParseSigningDate(kDate)->time) {
    Credential permanent;
    permanent.access_key = "AKID";
    permanent.secret = kSecret;
    Credential disabled = permanent;
    disabled.access_key = "OFF";
    disabled.disabled = true;
    Credential temporary = permanent;
    temporary.access_key = "TEMP";
    temporary.session_token = "token";
    temporary.expires_at = now_ + absl::Hours(1);
    credentials_ = std::make_shared<const Credentials>(
        std::vector<Credential>{permanent, disabled, temporary},
        std::vector<CertificateMapping>());
    signer_.secret = kSecret;
  }

  void Sign() { headers_["authorization"] = signer_.Sign(Unsigned(), body_); }

  // The headers without the signature.
  std::map<std::string, std::string> Unsigned() const {
    std::map<std::string, std::string> headers = headers_;
    headers.erase("authorization");
    return headers;
  }

  // Signs with kDate as the date, whatever form it has in the headers.
  void SignWithOldDate() {
    headers_["authorization"] = signer_.SignAt(kDate, Unsigned(), body_);
  }

  // What the headers alone give.
  absl::StatusOr<ArrivedSignature> Examine() {
    SignedRequest request = {method_, target_, {}};
    for (const auto& [name, value] : headers_) {
      request.headers.push_back({name, value});
    }
    for (const auto& [name, value] : more_headers_) {
      request.headers.push_back({name, value});
    }
    return verifier_.Examine(request, credentials_, now_);
  }

  absl::Status Verify() {
    const auto arrived = Examine();
    if (!arrived.ok()) return arrived.status();
    return verifier_.Verify(*arrived, Sha256(body_));
  }

  // The name of the error, of the headers alone or with the body.
  std::string Error() { return NamedReason(Verify()); }
  std::string EarlyError() { return NamedReason(Examine().status()); }

  // The error once the Authorization header says something else.
  std::string ErrorWith(const std::string& part, const std::string& other) {
    Sign();
    std::string& header = headers_["authorization"];
    const std::string changed = absl::StrReplaceAll(header, {{part, other}});
    EXPECT_NE(changed, header) << part;
    header = changed;
    return Error();
  }

  std::string method_ = "POST";
  std::string target_ = "/";
  std::map<std::string, std::string> headers_ = {
      {"content-type", "application/x-amz-json-1.1"},
      {"host", "datapipeline.us-east-1.amazonaws.com"},
      {"x-amz-date", kDate},
      {"x-amz-target", "DataPipeline.ActivatePipeline"}};
  std::vector<std::pair<std::string, std::string>> more_headers_;
  std::string body_ = kBody;
  TestSigner signer_;
  absl::Time now_;
  std::shared_ptr<const Credentials> credentials_;
  SignatureVerifier verifier_{{}};
};

// Made by another implementation.
TEST_F(SignatureTest, AGoodSignatureIsTaken) {
  headers_["authorization"] =
      "AWS4-HMAC-SHA256 Credential=AKID/20121112/us-east-1/datapipeline/"
      "aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-target, "
      "Signature="
      "4b2ad2bad6f39b551fdc94a855dc3fce5f9e2bf1f53c3f252765a5afc05ac3e0";
  const auto arrived = Examine();
  ASSERT_TRUE(arrived.ok()) << arrived.status();
  EXPECT_EQ(arrived->credential->access_key, "AKID");
  EXPECT_EQ(arrived->valid_for, absl::Minutes(5));
  EXPECT_TRUE(verifier_.Verify(*arrived, Sha256(kBody)).ok());
  EXPECT_FALSE(verifier_.Verify(*arrived, Sha256("{}")).ok());
}

TEST_F(SignatureTest, AnyByteThatIsSignedAndChangedIsNoticed) {
  Sign();
  EXPECT_EQ(Error(), kNoError);
  for (auto& [name, value] : headers_) {
    if (name == "authorization" || name == "x-amz-date") continue;
    for (char& byte : value) {
      byte ^= 1;
      EXPECT_EQ(Error(), kInvalid) << name << ": " << value;
      byte ^= 1;
    }
  }
  for (char& byte : body_) {
    byte ^= 1;
    EXPECT_EQ(Error(), kInvalid) << body_;
    byte ^= 1;
  }
  method_ = "PUT";
  EXPECT_EQ(Error(), kInvalid);
  method_ = "POST";
  target_ = "/a";
  EXPECT_EQ(Error(), kInvalid);
  target_ = "/?a";
  EXPECT_EQ(Error(), kInvalid);
  target_ = "/";
  EXPECT_EQ(Error(), kNoError);
}

TEST_F(SignatureTest, NoByteOfTheAuthorizationCanBeAnother) {
  Sign();
  std::string& header = headers_["authorization"];
  for (char& byte : header) {
    const char before = byte;
    for (const char other : {static_cast<char>(byte ^ 1), 'A', '0', ' ', ',',
                             ';', '=', '/', '\0'}) {
      byte = other;
      if (other == before) continue;
      EXPECT_NE(Error(), kNoError) << header;
    }
    byte = before;
  }
  EXPECT_EQ(Error(), kNoError);
}

TEST_F(SignatureTest, ASignatureOfAnotherLengthIsWrong) {
  Sign();
  std::string& header = headers_["authorization"];
  const std::string good = header;
  header = good.substr(0, good.size() - 1);
  EXPECT_EQ(Error(), kInvalid);
  header = good + "0";
  EXPECT_EQ(Error(), kInvalid);
  header = good.substr(0, good.size() - 64) + std::string(64, '0');
  EXPECT_EQ(Error(), kInvalid);
}

TEST_F(SignatureTest, WithoutASignatureNobodyIsCalling) {
  EXPECT_EQ(EarlyError(), kMissing);
  headers_["authorization"] = "";
  EXPECT_EQ(EarlyError(), kMissing);
  headers_["authorization"] = "AWS AKID:c2lnbmF0dXJl";
  EXPECT_EQ(EarlyError(), kIncomplete);
}

TEST_F(SignatureTest, TwoAuthorizationsAreNone) {
  Sign();
  more_headers_ = {{"Authorization", headers_["authorization"]}};
  EXPECT_EQ(EarlyError(), kIncomplete);
  EXPECT_EQ(Examine().status().message(),
            "There is more than one Authorization header.");
}

TEST_F(SignatureTest, ASignatureInTheQueryIsRefused) {
  target_ = "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=00";
  EXPECT_EQ(EarlyError(), kIncomplete);
  target_ = "/?X-Amz-Signatur%65=00";
  EXPECT_EQ(EarlyError(), kIncomplete);
  Sign();
  EXPECT_EQ(EarlyError(), kIncomplete);
}

TEST_F(SignatureTest, UnknownAndDisabledKeysAreNotToldApart) {
  Sign();
  const absl::Status unknown = [this] {
    headers_["authorization"] = absl::StrReplaceAll(headers_["authorization"],
                                                    {{"=AKID/", "=NOBODY/"}});
    return Examine().status();
  }();
  signer_.access_key = "OFF";
  Sign();
  EXPECT_EQ(Examine().status(), unknown);
  EXPECT_EQ(NamedReason(unknown), kUnrecognized);
  EXPECT_EQ(unknown.message(),
            "The security token included in the request is invalid.");
}

TEST_F(SignatureTest, TemporaryCredentialsNeedTheirToken) {
  signer_.access_key = "TEMP";
  Sign();
  EXPECT_EQ(EarlyError(), kUnrecognized);
  headers_["x-amz-security-token"] = "other";
  Sign();
  EXPECT_EQ(EarlyError(), kUnrecognized);
  headers_["x-amz-security-token"] = "token";
  Sign();
  EXPECT_EQ(Error(), kNoError);
  signer_.access_key = "AKID";
  Sign();
  EXPECT_EQ(EarlyError(), kUnrecognized);
}

TEST_F(SignatureTest, TemporaryCredentialsEnd) {
  signer_.access_key = "TEMP";
  headers_["x-amz-security-token"] = "token";
  now_ += absl::Hours(1);
  headers_["x-amz-date"] = FormatSigningDate(now_);
  Sign();
  EXPECT_EQ(EarlyError(), kExpired);
  headers_["x-amz-security-token"] = "other";
  Sign();
  EXPECT_EQ(EarlyError(), kUnrecognized);
}

TEST_F(SignatureTest, TheScopeMustBeThatOfTheService) {
  EXPECT_EQ(ErrorWith("/datapipeline/", "/s3/"), kInvalid);
  EXPECT_EQ(ErrorWith("/aws4_request", "/aws5_request"), kInvalid);
  EXPECT_EQ(ErrorWith("/20121112/", "/20121111/"), kInvalid);
  EXPECT_EQ(ErrorWith("/20121112/", "/2012111/"), kInvalid);
  EXPECT_EQ(ErrorWith("/us-east-1/", "/us-east-2/"), kInvalid);
  signer_.service = "execute-api";
  Sign();
  EXPECT_THAT(std::string(Examine().status().message()),
              HasSubstr("correct service: 'datapipeline'"));
}

// However good the signature: a key of another day may have been stolen.
TEST_F(SignatureTest, TheScopeMustBeOfTheDayOfTheDate) {
  signer_.scope_day = "20121111";
  Sign();
  EXPECT_THAT(std::string(Examine().status().message()),
              StartsWith("Date in Credential scope does not match"));
}

TEST_F(SignatureTest, AnyRegionIsTakenUnlessOneIsConfigured) {
  SignatureVerifier here({.region = "eu-west-1"});
  for (const char* region : {"us-east-1", "eu-west-1", "moon"}) {
    signer_.region = region;
    Sign();
    EXPECT_EQ(Error(), kNoError);
    std::swap(here, verifier_);
    EXPECT_EQ(Error(), signer_.region == "eu-west-1" ? kNoError : kInvalid);
    std::swap(here, verifier_);
  }
}

TEST_F(SignatureTest, TheDateMustBeNearNow) {
  Sign();
  const absl::Time date = now_;
  for (const int direction : {1, -1}) {
    now_ = date + direction * absl::Minutes(5);
    EXPECT_EQ(Error(), kNoError);
    now_ += direction * absl::Seconds(1);
    EXPECT_EQ(EarlyError(), kInvalid);
  }
  now_ = date + absl::Minutes(20);
  EXPECT_EQ(std::string(Examine().status().message()),
            "Signature expired: 20121112T174952Z is now earlier than "
            "20121112T180452Z (20121112T180952Z - 5 min.)");
  now_ = date - absl::Minutes(20);
  EXPECT_THAT(std::string(Examine().status().message()),
              StartsWith("Signature not yet current: "));
}

TEST_F(SignatureTest, TheWindowCanBeWider) {
  Sign();
  now_ += kClockSkewLimit;
  EXPECT_EQ(EarlyError(), kInvalid);
  verifier_ = SignatureVerifier({.clock_skew_max = kClockSkewLimit});
  EXPECT_EQ(Error(), kNoError);
}

TEST_F(SignatureTest, OldFormsOfTheDateAreTaken) {
  for (const char* form :
       {"Mon, 12 Nov 2012 17:49:52 GMT", "Monday, 12-Nov-12 17:49:52 GMT",
        "Mon Nov 12 17:49:52 2012"}) {
    // What is signed is the date in its one form, and the header as it is.
    for (const char* name : {"x-amz-date", "date"}) {
      headers_.erase("x-amz-date");
      headers_.erase("date");
      headers_[name] = form;
      SignWithOldDate();
      EXPECT_EQ(Error(), kNoError) << name << ": " << form;
    }
  }
}

TEST_F(SignatureTest, WithoutAReadableDateTheSignatureIsIncomplete) {
  Sign();
  headers_["x-amz-date"] = "yesterday";
  EXPECT_EQ(EarlyError(), kIncomplete);
  headers_.erase("x-amz-date");
  EXPECT_EQ(EarlyError(), kIncomplete);
}

TEST_F(SignatureTest, TheHostMustBeSigned) {
  const std::string host = headers_["host"];
  headers_.erase("host");
  Sign();
  headers_["host"] = host;
  EXPECT_EQ(EarlyError(), kInvalid);
}

TEST_F(SignatureTest, EveryAmzHeaderMustBeSigned) {
  Sign();
  more_headers_ = {{"User-Agent", "any"}, {"X-Amzn-Trace-Id", "any"}};
  EXPECT_EQ(Error(), kNoError);
  more_headers_ = {{"X-Amz-Other", ""}};
  EXPECT_EQ(EarlyError(), kInvalid);
  more_headers_ = {{"X-Amz-Target", "DataPipeline.DeletePipeline"}};
  EXPECT_EQ(Error(), kInvalid);
}

TEST_F(SignatureTest, WhatIsSignedMustBeThere) {
  headers_["x-other"] = "";
  Sign();
  EXPECT_EQ(Error(), kNoError);
  headers_.erase("x-other");
  EXPECT_EQ(EarlyError(), kInvalid);
}

TEST_F(SignatureTest, AHashInTheHeadersIsHeldAgainstTheBody) {
  headers_["x-amz-content-sha256"] = ToHex(Sha256(body_));
  Sign();
  EXPECT_EQ(Error(), kNoError);
  body_ += " ";
  EXPECT_EQ(EarlyError(), kNoError);
  EXPECT_EQ(Error(), kInvalid);
  // It is not enough to sign for another body than the hash says.
  Sign();
  EXPECT_EQ(Error(), kInvalid);
}

TEST_F(SignatureTest, AForgedSignatureIsRefusedBeforeTheBodyIfItsHashIsThere) {
  headers_["x-amz-content-sha256"] = ToHex(Sha256(body_));
  signer_.secret = "guessed";
  Sign();
  EXPECT_EQ(EarlyError(), kInvalid);
}

TEST_F(SignatureTest, ABodyThatIsNotSignedIsRefused) {
  for (const std::string& hash :
       {std::string("UNSIGNED-PAYLOAD"),
        std::string("STREAMING-AWS4-HMAC-SHA256-PAYLOAD"), std::string(),
        std::string(64, 'A'), std::string(63, 'a'), std::string(64, 'g')}) {
    headers_["x-amz-content-sha256"] = hash;
    Sign();
    EXPECT_EQ(EarlyError(), kInvalid) << hash;
  }
}

TEST_F(SignatureTest, ErrorsShowNothingOfWhatWasSent) {
  const std::string planted = "plantedvalue";
  signer_.access_key = planted;
  headers_["x-amz-security-token"] = planted;
  Sign();
  EXPECT_THAT(std::string(Verify().message()),
              testing::Not(HasSubstr(planted)));
  headers_["authorization"] = planted;
  EXPECT_THAT(std::string(Verify().message()),
              testing::Not(HasSubstr(planted)));
}

}  // namespace
}  // namespace holdline
