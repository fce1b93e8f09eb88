#include "server/auth/credentials/principal.h"

#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "server/auth/credentials/principal_check.h"

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

// Which of three worker groups are in reach.
std::string Reached(const Reach& reach) {
  std::string reached;
  for (const char* group : {"etl-1", "etl", "payroll"}) {
    if (Reaches(reach, group)) reached += std::string(group) + " ";
  }
  return reached;
}

Principal With(Roles roles, std::vector<std::string> groups = {}) {
  Principal principal;
  principal.roles = roles;
  principal.worker_groups = std::move(groups);
  return principal;
}

TEST(Principal, SteersWhatASubmitterIsBoundTo) {
  const std::string all = "etl-1 etl payroll ";
  const auto steered = [](Roles roles, std::vector<std::string> groups) {
    return Reached(With(roles, std::move(groups)).SteeringReach());
  };
  EXPECT_EQ(steered({Role::kSubmitter}, {"etl-*"}), "etl-1 ");
  EXPECT_EQ(steered({Role::kSubmitter}, {"etl-*", "payroll"}),
            "etl-1 payroll ");
  EXPECT_EQ(steered({Role::kSubmitter}, {}), all);
  EXPECT_EQ(steered({Role::kSubmitter}, {"*"}), all);
  EXPECT_EQ(steered({Role::kSubmitter, Role::kRunner}, {"etl-*"}), "etl-1 ");
  EXPECT_EQ(steered({Role::kAdministrator, Role::kSubmitter}, {"etl-*"}), all);
  EXPECT_EQ(steered({Role::kRunner}, {"*"}), "");
  EXPECT_EQ(steered({Role::kOperator}, {}), "");
}

TEST(Principal, ReadsOfAllGroupsAsAnOperator) {
  EXPECT_EQ(
      Reached(
          With({Role::kOperator, Role::kSubmitter}, {"etl-*"}).ReadingReach()),
      "etl-1 etl payroll ");
  EXPECT_EQ(Reached(With({Role::kSubmitter}, {"etl-*"}).ReadingReach()),
            "etl-1 ");
  EXPECT_EQ(Reached(With({Role::kRunner}, {"etl-*"}).ReadingReach()), "");
  EXPECT_EQ(With({Role::kSubmitter}).ReadingReach(), nullptr);
  EXPECT_EQ(LocalPrincipal().ReadingReach(), nullptr);
}

// Each member that a principal can have, with each role.
TEST(Principal, HasNothingThatMeansNothingForItsRoles) {
  struct Case {
    Roles roles;
    std::vector<std::string> groups;
    bool has_hold_max;
    bool is_right;
  };
  for (const auto& [roles, groups, has_hold_max, is_right] : {
           Case{{Role::kSubmitter}, {}, true, true},
           Case{{Role::kSubmitter}, {"etl-*"}, false, true},
           Case{{Role::kRunner}, {}, false, false},
           Case{{Role::kRunner}, {"etl-*"}, true, true},
           Case{{Role::kOperator}, {}, true, true},
           Case{{Role::kOperator}, {"*"}, false, true},
           Case{{Role::kOperator}, {"etl-*"}, false, false},
           Case{{Role::kOperator, Role::kSubmitter}, {"etl-*"}, false, true},
           Case{{Role::kAdministrator}, {"*"}, true, true},
           Case{{Role::kAdministrator}, {"etl-*"}, false, false},
           Case{{Role::kAdministrator, Role::kRunner}, {"e"}, false, false},
           Case{{Role::kGateway}, {}, false, true},
           Case{{Role::kGateway}, {"etl-*"}, false, false},
           Case{{Role::kGateway}, {}, true, false},
       }) {
    Principal principal = With(roles, groups);
    if (has_hold_max) principal.hold_max = absl::Seconds(9);
    const auto fault = CheckPrincipal(principal);
    EXPECT_EQ(!fault.has_value(), is_right)
        << (fault.has_value() ? fault->what : "nothing is wrong");
  }
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
