// Everything that the broker must know to go on, and that a restart brings
// back: the live tasks, the settings, and the numbers to be given out next.

#ifndef HOLDLINE_SERVER_BROKER_STATE_H_
#define HOLDLINE_SERVER_BROKER_STATE_H_

#include "absl/container/flat_hash_map.h"
#include "absl/container/node_hash_map.h"
#include "server/broker/account_record.h"
#include "server/broker/batch.h"
#include "server/broker/ids.h"
#include "server/broker/task.h"
#include "server/broker/update.h"

namespace holdline {

struct State {
  // The tasks that have not ended, and those that ended in the batch that is
  // not committed yet. References stay valid while a task is in the map.
  absl::node_hash_map<TaskId, Task> tasks;

  absl::flat_hash_map<GroupKey, GroupSettings> groups;
  absl::flat_hash_map<RunnerKey, RunnerRecord> runners;
  absl::flat_hash_map<RequestKey, RequestRecord> requests;

  // All that ever had a task. Their ordinals are those below their number.
  absl::flat_hash_map<AccountId, AccountRecord> accounts;

  Counters counters;

  // Goes on from the numbers that a batch has come to.
  void SetNumbers(const Batch& batch) {
    for (const AccountRecord& record : batch.accounts) {
      accounts.insert_or_assign(record.account, record);
    }
    counters = batch.counters;
  }

  // Returns how the account's tasks are numbered; as those of a new account, if
  // it never had any.
  AccountRecord AccountOf(const AccountId& account) const {
    const auto found = accounts.find(account);
    if (found != accounts.end()) return found->second;
    return {account, static_cast<uint32_t>(accounts.size())};
  }

  friend bool operator==(const State&, const State&) = default;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_STATE_H_
