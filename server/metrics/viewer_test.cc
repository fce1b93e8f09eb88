#include "server/metrics/viewer.h"

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace holdline {
namespace {

using ::testing::ElementsAre;

const absl::Time kNow = absl::FromUnixSeconds(1000);

Credential Someone(const std::string& access_key, Role role) {
  Credential credential;
  credential.access_key = access_key;
  credential.secret = "a:secret";
  credential.principal.account.value = "123456789012";
  credential.principal.roles = {role};
  return credential;
}

Credentials Everybody() {
  Credential temporary = Someone("TEMPORARY", Role::kOperator);
  temporary.session_token = "token";
  Credential disabled = Someone("DISABLED", Role::kOperator);
  disabled.disabled = true;
  Credential expired = Someone("EXPIRED", Role::kOperator);
  expired.expires_at = kNow;
  return Credentials(
      {Someone("OPERATOR", Role::kOperator),
       Someone("ADMINISTRATOR", Role::kAdministrator),
       Someone("RUNNER", Role::kRunner), Someone("SUBMITTER", Role::kSubmitter),
       Someone("GATEWAY", Role::kGateway), temporary, disabled, expired},
      {});
}

// The account that may look with that header, or nothing.
std::string Look(const std::string& authorization) {
  const auto account = AccountOfViewer(Everybody(), authorization, kNow);
  return account.has_value() ? account->value : "";
}

std::string Basic(const std::string& name_and_password) {
  return absl::StrCat("Basic ", absl::Base64Escape(name_and_password));
}

TEST(Viewer, IsAnOperatorOrAnAdministrator) {
  EXPECT_EQ(Look(Basic("OPERATOR:a:secret")), "123456789012");
  EXPECT_EQ(Look(Basic("ADMINISTRATOR:a:secret")), "123456789012");
  for (const char* other : {"RUNNER", "SUBMITTER", "GATEWAY", "NOBODY"}) {
    EXPECT_EQ(Look(Basic(absl::StrCat(other, ":a:secret"))), "") << other;
  }
}

TEST(Viewer, KnowsTheSecretOfWhatStillCounts) {
  EXPECT_EQ(Look(Basic("OPERATOR:another")), "");
  EXPECT_EQ(Look(Basic("OPERATOR:")), "");
  for (const char* other : {"TEMPORARY", "DISABLED", "EXPIRED"}) {
    EXPECT_EQ(Look(Basic(absl::StrCat(other, ":a:secret"))), "") << other;
  }
}

TEST(Viewer, SaysSoInHttpBasic) {
  const std::string encoded = absl::Base64Escape("OPERATOR:a:secret");
  EXPECT_EQ(Look(absl::StrCat("basic ", encoded)), "123456789012");
  EXPECT_EQ(Look(""), "");
  EXPECT_EQ(Look(encoded), "");
  EXPECT_EQ(Look(absl::StrCat("Bearer ", encoded)), "");
  EXPECT_EQ(Look("Basic not base64!"), "");
  EXPECT_EQ(Look(Basic("OPERATOR")), "");
}

TEST(Viewer, SeesNothingThatIsNamedAfterAnotherAccount) {
  const auto metric = [](const std::string& account, double value) {
    prometheus::ClientMetric made;
    if (!account.empty()) made.label.push_back({"account", account});
    made.gauge.value = value;
    return made;
  };
  std::vector<prometheus::MetricFamily> families(1);
  families[0].metric = {metric("1", 1), metric("2", 2), metric("", 3)};
  KeepAccount({"1"}, &families);
  std::vector<double> values;
  for (const auto& kept : families[0].metric) {
    values.push_back(kept.gauge.value);
  }
  EXPECT_THAT(values, ElementsAre(1, 3));
}

}  // namespace
}  // namespace holdline
