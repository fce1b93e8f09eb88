#include "server/auth/principal.h"

#include <algorithm>

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

}  // namespace

bool Principal::MayPoll(absl::string_view worker_group) const {
  return std::any_of(worker_groups.begin(), worker_groups.end(),
                     [&](const std::string& pattern) {
                       return Covers(pattern, worker_group);
                     });
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
