// The durable state of the broker, which a restart loads: the live tasks, the
// settings, and the next numbers.

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

  // All accounts that ever had a task. Their ordinals are 0 to the size minus
  // 1.
  absl::flat_hash_map<AccountId, AccountRecord> accounts;

  Counters counters;

  // Takes over the numbers of a batch.
  void SetNumbers(const Batch& batch) {
    for (const AccountRecord& record : batch.accounts) {
      accounts.insert_or_assign(record.account, record);
    }
    counters = batch.counters;
  }

  // Returns the record of an account; that of a new account if it never had a
  // task.
  AccountRecord AccountOf(const AccountId& account) const {
    const auto found = accounts.find(account);
    if (found != accounts.end()) return found->second;
    return {account, static_cast<uint32_t>(accounts.size())};
  }

  friend bool operator==(const State&, const State&) = default;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_STATE_H_
