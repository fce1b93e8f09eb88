// The name of an account.

#ifndef HOLDLINE_SERVER_BASE_ACCOUNT_ID_H_
#define HOLDLINE_SERVER_BASE_ACCOUNT_ID_H_

#include <compare>
#include <string>
#include <utility>

namespace holdline {

// The owner of tasks, pipelines and credentials. Accounts never see each
// other's tasks.
struct AccountId {
  std::string value;

  friend auto operator<=>(const AccountId&, const AccountId&) = default;

  template <typename H>
  friend H AbslHashValue(H state, const AccountId& account) {
    return H::combine(std::move(state), account.value);
  }
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BASE_ACCOUNT_ID_H_
