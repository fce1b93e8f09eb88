// The authenticated caller and its permissions.

#ifndef HOLDLINE_SERVER_AUTH_CREDENTIALS_PRINCIPAL_H_
#define HOLDLINE_SERVER_AUTH_CREDENTIALS_PRINCIPAL_H_

#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/account_id.h"
#include "server/base/reach.h"

namespace holdline {

// A set of permissions within an account. The proto files declare which roles
// may call a method.
enum class Role : uint8_t {
  kSubmitter,      // submits tasks, and owns and runs pipelines
  kRunner,         // polls the worker groups that it is bound to
  kOperator,       // looks at groups and runners, drains and pauses them
  kAdministrator,  // everything
  kGateway,        // calls for those whose signatures it has verified
};

// A set of roles. A value.
class Roles {
 public:
  Roles() = default;
  Roles(std::initializer_list<Role> roles) {
    for (const Role role : roles) Add(role);
  }

  void Add(Role role) { bits_ |= Bit(role); }
  bool Has(Role role) const { return (bits_ & Bit(role)) != 0; }

  friend bool operator==(const Roles&, const Roles&) = default;

 private:
  static uint8_t Bit(Role role) {
    return static_cast<uint8_t>(1u << static_cast<unsigned>(role));
  }

  uint8_t bits_ = 0;
};

// The caller. Immutable once authenticated.
struct Principal {
  AccountId account;

  // The name within the account, such as `reports`; for logs and refusals.
  std::string user;

  // The access key that the call was made with; empty if a client certificate,
  // or nothing, stands for the caller.
  std::string access_key;

  Roles roles;

  // The worker groups that a runner and a submitter are bound to: each an exact
  // name, or a prefix and a `*` at its end. `*` alone is every group. Without
  // any, a runner may poll none, and a submitter is bound to none: all are
  // there for it.
  std::vector<std::string> worker_groups;

  // The longest time that a poll of this caller is held.
  absl::Duration hold_max = absl::InfiniteDuration();

  // Whether a runner may poll the worker group. Compared byte by byte, as
  // below.
  bool MayPoll(absl::string_view worker_group) const;

  // The worker groups of the account that the caller may submit to, and whose
  // tasks and pipelines it may change; and those that it may read. Submitters
  // reach what they are bound to; operators may read all. Neither result refers
  // to the principal.
  Reach SteeringReach() const;
  Reach ReadingReach() const;

  // The caller's name in errors and the audit log:
  // `arn:aws:iam::<account>:user/<user>`.
  std::string Arn() const;

  // The creator of what the caller creates: the user, or the account if no
  // credentials are configured.
  std::string Creator() const;
};

// The account and the user of everybody while no credentials are configured.
inline constexpr char kLocalAccount[] = "000000000000";
inline constexpr char kLocalUser[] = "local";

// Every caller while no credentials are configured: an administrator of the
// local account. So the server then refuses to listen beyond loopback.
Principal LocalPrincipal();

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_CREDENTIALS_PRINCIPAL_H_
