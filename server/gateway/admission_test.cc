#include "server/gateway/admission.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "server/auth/sigv4/signing_date.h"
#include "server/auth/testing/test_signer.h"

namespace holdline {
namespace {

constexpr char kPoll[] = "DataPipeline.PollForTask";
constexpr char kList[] = "Operator.ListGroups";
constexpr char kBoto[] = "Boto3/1.43.11 Botocore/1.43.11";
constexpr char kPeer[] = "10.0.0.1";

// What became of a request.
struct Decision {
  std::string error;  // empty if it was admitted
  int http_status = 200;
  AdmittedCall call;
};

class AdmissionTest : public ::testing::Test {
 protected:
  AdmissionTest() {
    Credential credential;
    credential.access_key = "AKID";
    credential.secret = "secret";
    credential.principal.account = AccountId{"123456789012"};
    credential.principal.roles = {Role::kRunner, Role::kOperator};
    Credential patient = credential;
    patient.access_key = "PATIENT";
    patient.principal.hold_max = absl::Seconds(85);
    Credential submitter = credential;
    submitter.access_key = "SUBMITTER";
    submitter.principal.roles = {Role::kSubmitter};
    store_.Replace(Credentials({credential, patient, submitter}, {}));
    options_.call_timeout = absl::Seconds(95);
  }

  // Made when it is first used, of what then is to work together.
  Admission& admission() {
    if (!admission_.has_value()) {
      admission_.emplace(options_, credentials_, rates_, observer_);
    }
    return *admission_;
  }

  HttpRequest Signed(const std::string& target,
                     const std::string& body = "{}") {
    const std::map<std::string, std::string> headers = {
        {"host", "localhost"},
        {"x-amz-date", FormatSigningDate(now_)},
        {"x-amz-target", target}};
    HttpRequest request(boost::beast::http::verb::post, "/", 11);
    for (const auto& [name, value] : headers) request.set(name, value);
    request.set("Authorization", signer_.Sign(headers, body));
    request.set("User-Agent", agent_);
    request.body() = body;
    return request;
  }

  Decision Decide(const HttpRequest& request) {
    std::optional<ArrivedSignature> arrived;
    Decision decision;
    auto error = admission().Examine(request, now_, &arrived);
    if (!error.has_value()) {
      error = admission().Admit(request, arrived, kPeer, now_, &decision.call);
    }
    if (error.has_value()) {
      decision.error = error->name;
      decision.http_status = error->http_status;
    }
    return decision;
  }

  std::string Error(const HttpRequest& request) {
    return Decide(request).error;
  }

  // How long a call that is made now may take.
  absl::Duration TimeFor(const HttpRequest& request) {
    return Decide(request).call.timeout;
  }

  // Makes a call that is answered.
  std::string ErrorOfAnswered(const HttpRequest& request) {
    const Decision decision = Decide(request);
    if (decision.error.empty()) admission().End(decision.call, true);
    return decision.error;
  }

  CredentialStore store_{Credentials()};
  GatewayOptions options_;
  const CredentialStore* credentials_ = &store_;
  CallRates* rates_ = nullptr;
  GatewayObserver observer_;
  std::string agent_ = "test";
  TestSigner signer_;
  absl::Time now_ = absl::FromUnixSeconds(1352742592);
  std::optional<Admission> admission_;
};

TEST_F(AdmissionTest, WithoutCredentialsEverybodyIsLetIn) {
  credentials_ = nullptr;
  HttpRequest request = Signed(kPoll);
  request.erase("Authorization");
  const Decision decision = Decide(request);
  EXPECT_EQ(decision.error, "");
  EXPECT_EQ(decision.call.access_key, "");
}

TEST_F(AdmissionTest, WhoSignsIsLetIn) {
  const Decision decision = Decide(Signed(kPoll));
  EXPECT_EQ(decision.error, "");
  EXPECT_EQ(decision.call.access_key, "AKID");
}

TEST_F(AdmissionTest, ErrorsHaveTheStatusesOfAws) {
  HttpRequest request = Signed(kPoll);
  request.body() = "{ }";
  Decision decision = Decide(request);
  EXPECT_EQ(decision.error, "InvalidSignatureException");
  EXPECT_EQ(decision.http_status, 403);
  request.set("Authorization", "AWS4-HMAC-SHA256 Signature=00");
  decision = Decide(request);
  EXPECT_EQ(decision.error, "IncompleteSignatureException");
  EXPECT_EQ(decision.http_status, 400);
  request.erase("Authorization");
  decision = Decide(request);
  EXPECT_EQ(decision.error, "MissingAuthenticationTokenException");
  EXPECT_EQ(decision.http_status, 403);
  signer_.access_key = "NOBODY";
  decision = Decide(Signed(kPoll));
  EXPECT_EQ(decision.error, "UnrecognizedClientException");
  EXPECT_EQ(decision.http_status, 403);
}

TEST_F(AdmissionTest, WhatAsksForNoActionNeedsNoSignature) {
  for (const auto verb :
       {boost::beast::http::verb::get, boost::beast::http::verb::head,
        boost::beast::http::verb::options}) {
    EXPECT_EQ(Error(HttpRequest(verb, "/", 11)), "");
  }
  EXPECT_EQ(Error(HttpRequest(boost::beast::http::verb::put, "/", 11)),
            "MissingAuthenticationTokenException");
}

TEST_F(AdmissionTest, ARecordedChangeCannotBeMadeAgain) {
  const HttpRequest recorded = Signed(kPoll);
  EXPECT_EQ(ErrorOfAnswered(recorded), "");
  now_ += absl::Seconds(1);
  EXPECT_EQ(ErrorOfAnswered(recorded), "");
  now_ += absl::Seconds(1);
  const Decision decision = Decide(recorded);
  EXPECT_EQ(decision.error, "InvalidSignatureException");
  EXPECT_EQ(decision.http_status, 403);
  EXPECT_EQ(ErrorOfAnswered(Signed(kPoll)), "");
}

TEST_F(AdmissionTest, ACallThatWasNotAnsweredMayComeAgain) {
  const HttpRequest request = Signed(kPoll);
  const Decision first = Decide(request);
  now_ += absl::Seconds(60);
  EXPECT_EQ(Error(request), "InvalidSignatureException");
  admission().End(first.call, false);
  EXPECT_EQ(ErrorOfAnswered(request), "");
  EXPECT_EQ(Error(request), "InvalidSignatureException");
}

TEST_F(AdmissionTest, WhatIsCheckedForReplaysCanBeChosen) {
  for (const auto& [check, poll, list] :
       {std::tuple(ReplayCheck::kNone, true, true),
        std::tuple(ReplayCheck::kChanges, false, true),
        std::tuple(ReplayCheck::kAll, false, false)}) {
    options_.replays = check;
    admission_.reset();
    const HttpRequest polled = Signed(kPoll);
    const HttpRequest listed = Signed(kList);
    EXPECT_EQ(ErrorOfAnswered(polled), "");
    EXPECT_EQ(ErrorOfAnswered(listed), "");
    now_ += absl::Seconds(10);
    EXPECT_EQ(ErrorOfAnswered(polled).empty(), poll);
    EXPECT_EQ(ErrorOfAnswered(listed).empty(), list);
  }
}

TEST_F(AdmissionTest, WhoCallsTooOftenIsThrottledAfterAuthentication) {
  CallRates rates({{"PollForTask", {1, 2}}});
  rates_ = &rates;
  signer_.secret = "wrong";
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Error(Signed(kPoll)), "InvalidSignatureException");
  }
  signer_.secret = "secret";
  EXPECT_EQ(ErrorOfAnswered(Signed(kPoll)), "");
  EXPECT_EQ(ErrorOfAnswered(Signed(kPoll)), "");
  const HttpRequest request = Signed(kPoll);
  const Decision decision = Decide(request);
  EXPECT_EQ(decision.error, "ThrottlingException");
  EXPECT_EQ(decision.http_status, 400);
  EXPECT_EQ(ErrorOfAnswered(Signed(kList)), "");
  EXPECT_EQ(ErrorOfAnswered(Signed("DataPipeline.Nothing")), "");
}

// Before the JSON is read, which costs more.
TEST_F(AdmissionTest, WhoMayNotCallTheMethodIsRefusedWhateverTheBodyIs) {
  signer_.access_key = "SUBMITTER";
  const HttpRequest request = Signed(kPoll, "no JSON");
  Decision decision = Decide(request);
  EXPECT_EQ(decision.error, "AccessDenied");
  EXPECT_EQ(decision.http_status, 403);
  // It was not answered, so it is no replay.
  now_ += absl::Seconds(10);
  EXPECT_EQ(Error(request), "AccessDenied");
  EXPECT_EQ(Error(Signed("DataPipeline.Nothing")), "");
  signer_.secret = "wrong";
  EXPECT_EQ(Error(Signed(kPoll)), "InvalidSignatureException");
}

TEST_F(AdmissionTest, AThrottledCallMayComeAgain) {
  CallRates rates({{"PollForTask", {1, 1}}});
  rates_ = &rates;
  EXPECT_EQ(ErrorOfAnswered(Signed(kPoll, "{ }")), "");
  const HttpRequest request = Signed(kPoll);
  EXPECT_EQ(Error(request), "ThrottlingException");
  now_ += absl::Seconds(10);
  EXPECT_EQ(ErrorOfAnswered(request), "");
}

TEST_F(AdmissionTest, AStockClientIsAnsweredBeforeItHangsUp) {
  EXPECT_EQ(TimeFor(Signed(kPoll)), absl::Seconds(95));
  agent_ = kBoto;
  EXPECT_EQ(TimeFor(Signed(kPoll)), absl::Seconds(60));
}

TEST_F(AdmissionTest, WhatACredentialSaysCountsMoreThanTheClient) {
  agent_ = kBoto;
  signer_.access_key = "PATIENT";
  EXPECT_EQ(TimeFor(Signed(kPoll)), absl::Seconds(95));
}

TEST_F(AdmissionTest, WhoHangsUpRepeatedlyAtTheSameAgeIsAnsweredBefore) {
  const HttpRequest request = Signed(kPoll);
  for (int i = 0; i < ClientPatience::kHangUpsNeeded; ++i) {
    const Decision decision = Decide(request);
    admission().HungUp(request, decision.call, kPeer, now_ + absl::Seconds(20));
    admission().End(decision.call, false);
  }
  EXPECT_EQ(TimeFor(Signed(kPoll)), absl::Seconds(20));
  agent_ = "another";
  EXPECT_EQ(TimeFor(Signed(kPoll)), absl::Seconds(95));
}

TEST_F(AdmissionTest, TheObserverLearnsWhoWasRefused) {
  std::vector<RefusedRequest> refused;
  observer_.on_refused = [&](const RefusedRequest& request) {
    refused.push_back(request);
  };
  admission().TellRefused(Signed(kPoll), "id-1", kPeer, {403, "Name", "why"});
  signer_.access_key = "NOBODY";
  HttpRequest unknown = Signed("DataPipeline.Nothing");
  admission().TellRefused(unknown, "id-2", kPeer, {403, "Name", "why"});
  ASSERT_EQ(refused.size(), 2u);
  EXPECT_EQ(refused[0].request_id, "id-1");
  EXPECT_EQ(refused[0].action, "DataPipeline/PollForTask");
  EXPECT_EQ(refused[0].access_key, "AKID");
  EXPECT_EQ(refused[0].peer, kPeer);
  EXPECT_EQ(refused[0].name, "Name");
  EXPECT_EQ(refused[1].action, "");
  EXPECT_EQ(refused[1].access_key, "");
}

}  // namespace
}  // namespace holdline
