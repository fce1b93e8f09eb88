// The verified identity of the hosts on which runners poll.

#include <fstream>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/auth/testing/test_issuer.h"
#include "server/rpc/testing/test_server.h"

namespace holdline {
namespace {

using ::testing::HasSubstr;
using Policy = InstanceIdentityPolicy;

constexpr char kTask[] = R"(worker_group: "g" type: "T")";
constexpr char kDocument[] =
    R"({"accountId": "111122223333", "instanceId": "i-1"})";
constexpr char kInstanceArn[] = "arn:aws:ec2::111122223333:instance/i-1";

class InstanceIdentityRpcTest : public testing::Test {
 protected:
  void Start(Policy policy) {
    const std::string path = absl::StrCat(testing::TempDir(), "/issuers");
    std::ofstream(path) << issuer_.certificate();
    server_ = std::make_unique<TestServer>(
        RpcOptions{.instance_identity = {policy, path}});
  }

  Outcome<v1::PollForTaskOutput> Poll(const std::string& document,
                                      const std::string& signature) {
    v1::PollForTaskInput input;
    input.set_worker_group("g");
    if (!document.empty()) {
      input.mutable_instance_identity()->set_document(document);
      input.mutable_instance_identity()->set_signature(signature);
    }
    return server_->Call(server_->pipeline(),
                         &v1::DataPipeline::StubInterface::PollForTask, input);
  }

  v1::Attempt AttemptOf(const std::string& name) {
    return server_->GetTask(name).output.attempts(0);
  }

  const TestIssuer issuer_;
  std::unique_ptr<TestServer> server_;
};

TEST_F(InstanceIdentityRpcTest, TheMachineIsShownWithTheAttempt) {
  Start(Policy::kVerifyIfPresent);
  const std::string first = server_->Submit(kTask);
  const std::string second = server_->Submit(kTask);
  EXPECT_TRUE(Poll(kDocument, issuer_.Sign(kDocument)).status.ok());
  EXPECT_EQ(AttemptOf(first).instance_arn(), kInstanceArn);
  EXPECT_TRUE(Poll("", "").status.ok());
  EXPECT_FALSE(AttemptOf(second).has_instance_arn());
}

TEST_F(InstanceIdentityRpcTest, WhoCannotProveItGetsNothing) {
  for (const Policy policy : {Policy::kVerifyIfPresent, Policy::kRequire}) {
    Start(policy);
    const std::string name = server_->Submit(kTask);
    const auto outcome = Poll(kDocument, "bm90aGluZw==");
    EXPECT_EQ(outcome.status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_THAT(outcome.status.error_message(), HasSubstr("instanceIdentity"));
    EXPECT_EQ(server_->GetTask(name).output.state(), v1::Task::READY);
  }
  EXPECT_EQ(Poll("", "").status.error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

TEST_F(InstanceIdentityRpcTest, NothingIsRecordedIfItIsIgnored) {
  Start(Policy::kIgnore);
  const std::string name = server_->Submit(kTask);
  EXPECT_TRUE(Poll(kDocument, issuer_.Sign(kDocument)).status.ok());
  EXPECT_FALSE(AttemptOf(name).has_instance_arn());
}

}  // namespace
}  // namespace holdline
