// The commands of operators: worker groups and runners.

#ifndef HOLDLINE_SERVER_BROKER_OPERATOR_COMMAND_H_
#define HOLDLINE_SERVER_BROKER_OPERATOR_COMMAND_H_

#include <optional>
#include <string>

#include "server/broker/ids.h"

namespace holdline {

// Asks for the groups after `after` in the order of accounts and names.
// Answered with GroupsAnswer.
struct InspectGroups {
  // Only this account's; all if absent.
  std::optional<AccountId> account;

  GroupKey after;
  int limit = 100;
};

// Asks for one group. Answered with GroupsAnswer of one.
struct InspectGroup {
  GroupKey group;
};

// Asks which groups of an account have changed since an answer whose `upto` was
// `after`; zero if there was none. Answered with GroupChangesAnswer.
struct InspectGroupChanges {
  AccountId account;
  ChangeNumber after{};

  // The most groups that are answered; the rest is asked for anew.
  int limit = 100;
};

// Sets what a group may do; what is absent stays. Answered as InspectGroup.
struct ChangeGroup {
  GroupKey group;
  std::optional<bool> paused;
  std::optional<bool> draining;
};

// Asks for runners of an account after `after` in name order. Answered with
// RunnersAnswer.
struct InspectRunners {
  AccountId account;
  std::string after;
  int limit = 100;
};

// Drains a runner, or all runners of a host of that name, or ends its draining.
// Answered with RunnersAnswer of one, or RESOURCE_EXHAUSTED if as many runners
// of the account drain as may.
struct ChangeRunner {
  RunnerKey runner;
  bool draining = false;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_OPERATOR_COMMAND_H_
