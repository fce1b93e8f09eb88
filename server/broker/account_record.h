// The numbering of an account's tasks.
//
// Each account numbers its own tasks, so that task names reveal nothing about
// other accounts. A TaskId combines the account's ordinal (upper bits) and the
// number (lower bits), so that it is unique and ids sort by account, then by
// submission.

#ifndef HOLDLINE_SERVER_BROKER_ACCOUNT_RECORD_H_
#define HOLDLINE_SERVER_BROKER_ACCOUNT_RECORD_H_

#include <cstdint>

#include "server/broker/ids.h"

namespace holdline {

struct AccountRecord {
  AccountId account;

  // Its position among the accounts, from 0, by their first submission. Less
  // than 2^23, more than any credentials file has accounts.
  uint32_t ordinal = 0;

  // The first number of this scheme. A smaller number belongs to a task from
  // before, when one counter served all accounts, and is its id.
  TaskNumber first{1};

  // The number of the next task. Never decreases.
  TaskNumber next{1};

  // Returns the id of a task of the account, given out already or not.
  TaskId IdOf(TaskNumber number) const {
    const auto value = static_cast<uint64_t>(number);
    return number < first
               ? TaskId{value}
               : TaskId{uint64_t{ordinal} << kTaskNumberBits | value};
  }

  friend bool operator==(const AccountRecord&, const AccountRecord&) = default;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_ACCOUNT_RECORD_H_
