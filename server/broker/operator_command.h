// The commands of operators, on worker groups and runners.

#ifndef HOLDLINE_SERVER_BROKER_OPERATOR_COMMAND_H_
#define HOLDLINE_SERVER_BROKER_OPERATOR_COMMAND_H_

#include <optional>
#include <string>

#include "server/broker/ids.h"

namespace holdline {

// Asks for the groups after `after` in the order of accounts and names.
// Answered with GroupsAnswer.
struct InspectGroups {
  // The account whose groups are listed; all accounts if absent.
  std::optional<AccountId> account;

  GroupKey after;
  int limit = 100;
};

// Asks for one group. Answered with GroupsAnswer of one.
struct InspectGroup {
  GroupKey group;
};

// Asks which groups of an account have changed after `after`, which is the
// `upto` of the previous answer, or zero. Answered with GroupChangesAnswer.
struct InspectGroupChanges {
  AccountId account;
  ChangeNumber after{};

  // The most groups in the answer; the rest needs another command.
  int limit = 100;
};

// Pauses, drains or resumes a group; an absent setting is unchanged. Answered
// as InspectGroup.
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

// Begins or ends the draining of a runner, or of all runners on a host of that
// name. Answered with RunnersAnswer of one, or RESOURCE_EXHAUSTED if
// `runners_max` runners of the account are draining.
struct ChangeRunner {
  RunnerKey runner;
  bool draining = false;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_OPERATOR_COMMAND_H_
