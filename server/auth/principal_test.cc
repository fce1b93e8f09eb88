#include "server/auth/principal.h"

#include "gtest/gtest.h"

namespace holdline {
namespace {

TEST(Principal, PollsTheGroupsThatItIsBoundTo) {
  Principal runner;
  EXPECT_FALSE(runner.MayPoll("reports"));
  runner.worker_groups = {"reports", "etl-*"};
  EXPECT_TRUE(runner.MayPoll("reports"));
  EXPECT_FALSE(runner.MayPoll("Reports"));
  EXPECT_FALSE(runner.MayPoll("reports-2"));
  EXPECT_TRUE(runner.MayPoll("etl-"));
  EXPECT_TRUE(runner.MayPoll("etl-night"));
  EXPECT_FALSE(runner.MayPoll("etl"));
}

TEST(Principal, PollsEveryGroupByAStar) {
  EXPECT_TRUE(LocalPrincipal().MayPoll("any"));
}

TEST(Principal, IsNamedByAccountAndUser) {
  EXPECT_EQ(LocalPrincipal().Arn(), "arn:aws:iam::000000000000:user/local");
}

TEST(Principal, MakesThingsAsAUserAndWithoutCredentialsAsAnAccount) {
  Principal principal = LocalPrincipal();
  EXPECT_EQ(principal.Creator(), "000000000000");
  principal.user = "reports";
  EXPECT_EQ(principal.Creator(), "reports");
  principal.user = kLocalUser;
  principal.account = AccountId{"123456789012"};
  EXPECT_EQ(principal.Creator(), "local");
}

TEST(Roles, HoldWhatWasAdded) {
  Roles roles = {Role::kRunner};
  EXPECT_TRUE(roles.Has(Role::kRunner));
  EXPECT_FALSE(roles.Has(Role::kGateway));
  roles.Add(Role::kGateway);
  EXPECT_TRUE(roles.Has(Role::kGateway));
  EXPECT_FALSE(roles.Has(Role::kSubmitter));
}

}  // namespace
}  // namespace holdline
