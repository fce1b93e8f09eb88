// The numbering of an account's tasks.
//
// Each account counts its own tasks, so that their names tell nothing of other
// accounts; and an id is made of the two, so that it is unique and the tasks of
// an account stand together, in the order in which they came.

#ifndef HOLDLINE_SERVER_BROKER_ACCOUNT_RECORD_H_
#define HOLDLINE_SERVER_BROKER_ACCOUNT_RECORD_H_

#include <cstdint>

#include "server/broker/ids.h"

namespace holdline {

struct AccountRecord {
  AccountId account;

  // Its place among the accounts, from 0, in the order in which they came.
  // Below 2^23, which no set of credentials has.
  uint32_t ordinal = 0;

  // The first number that is its own. Smaller ones are those of tasks from
  // before accounts had numbers, when they counted all tasks and were ids.
  TaskNumber first{1};

  // The number to be given out next. It only rises.
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
