#include "server/auth/credentials/principal_check.h"

#include <string>
#include <vector>

namespace holdline {
namespace {

using Member = PrincipalFault::Member;

// Whether it is to be held to some worker groups, rather than all or none.
bool IsToBeBound(const Principal& principal) {
  return !principal.worker_groups.empty() &&
         principal.worker_groups != std::vector<std::string>{"*"};
}

}  // namespace

std::optional<PrincipalFault> CheckPrincipal(const Principal& principal) {
  const Roles& roles = principal.roles;
  if (roles.Has(Role::kRunner) && principal.worker_groups.empty()) {
    return PrincipalFault{
        Member::kWorkerGroups,
        "must name at least one, because a runner polls them"};
  }
  if (IsToBeBound(principal) && !roles.Has(Role::kRunner) &&
      !roles.Has(Role::kSubmitter)) {
    return PrincipalFault{Member::kWorkerGroups,
                          "must not be given without the role runner or "
                          "submitter, because it restricts no other role"};
  }
  if (IsToBeBound(principal) && roles.Has(Role::kAdministrator)) {
    return PrincipalFault{Member::kWorkerGroups,
                          "must be \"*\" or absent with the role "
                          "administrator, which it cannot restrict"};
  }
  if (roles == Roles{Role::kGateway} &&
      principal.hold_max != absl::InfiniteDuration()) {
    return PrincipalFault{Member::kHoldMax,
                          "must not be given with the role gateway, which "
                          "forwards calls of others"};
  }
  return std::nullopt;
}

}  // namespace holdline
