// Numbers of live tasks, held calls and remembered requests by account.

#ifndef HOLDLINE_SERVER_BROKER_ACCOUNT_LOADS_H_
#define HOLDLINE_SERVER_BROKER_ACCOUNT_LOADS_H_

#include <cstdint>

#include "absl/container/flat_hash_map.h"
#include "server/broker/ids.h"

namespace holdline {

struct AccountLoad {
  int64_t live_tasks = 0;
  int64_t parked_calls = 0;
  int64_t requests = 0;

  friend bool operator==(const AccountLoad&, const AccountLoad&) = default;
};

// Not thread-safe.
class AccountLoads {
 public:
  // Adds `change`, which may be negative, to the number of tasks that have not
  // ended, of held calls, or of remembered requests.
  void CountLive(const AccountId& account, int change) {
    Change(account, {.live_tasks = change});
  }
  void CountParked(const AccountId& account, int change) {
    Change(account, {.parked_calls = change});
  }
  void CountRequest(const AccountId& account, int change) {
    Change(account, {.requests = change});
  }

  // All zero for an unknown account.
  AccountLoad Of(const AccountId& account) const;

  // Accounts with a number above zero.
  const absl::flat_hash_map<AccountId, AccountLoad>& all() const {
    return loads_;
  }

 private:
  void Change(const AccountId& account, AccountLoad change);

  absl::flat_hash_map<AccountId, AccountLoad> loads_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_ACCOUNT_LOADS_H_
