#include "server/auth/credentials/principal.h"

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace holdline {
namespace {

bool Covers(absl::string_view pattern, absl::string_view worker_group) {
  return absl::ConsumeSuffix(&pattern, "*")
             ? absl::StartsWith(worker_group, pattern)
             : worker_group == pattern;
}

bool IsCovered(const std::vector<std::string>& patterns,
               absl::string_view worker_group) {
  return absl::c_any_of(patterns, [&](const std::string& pattern) {
    return Covers(pattern, worker_group);
  });
}

}  // namespace

Reach Principal::SteeringReach() const {
  if (roles.Has(Role::kAdministrator)) return nullptr;
  if (!roles.Has(Role::kSubmitter)) {
    return [](absl::string_view) { return false; };
  }
  if (worker_groups.empty() || absl::c_linear_search(worker_groups, "*")) {
    return nullptr;
  }
  return [bound = worker_groups](absl::string_view worker_group) {
    return IsCovered(bound, worker_group);
  };
}

Reach Principal::ReadingReach() const {
  return roles.Has(Role::kOperator) ? Reach() : SteeringReach();
}

bool Principal::MayPoll(absl::string_view worker_group) const {
  return IsCovered(worker_groups, worker_group);
}

std::string Principal::Arn() const {
  return absl::StrCat("arn:aws:iam::", account.value, ":user/", user);
}

std::string Principal::Creator() const {
  const bool local = account.value == kLocalAccount && user == kLocalUser;
  return local ? account.value : user;
}

Principal LocalPrincipal() {
  Principal principal;
  principal.account = AccountId{kLocalAccount};
  principal.user = kLocalUser;
  principal.roles = {Role::kAdministrator};
  principal.worker_groups = {"*"};
  return principal;
}

}  // namespace holdline
