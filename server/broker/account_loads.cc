#include "server/broker/account_loads.h"

namespace holdline {

AccountLoad AccountLoads::Of(const AccountId& account) const {
  auto it = loads_.find(account);
  return it == loads_.end() ? AccountLoad() : it->second;
}

void AccountLoads::Change(const AccountId& account, AccountLoad change) {
  AccountLoad& load = loads_[account];
  load.live_tasks += change.live_tasks;
  load.parked_calls += change.parked_calls;
  load.requests += change.requests;
  if (load == AccountLoad()) loads_.erase(account);
}

}  // namespace holdline
