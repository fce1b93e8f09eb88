#include "server/auth/credentials/role_name.h"

#include "absl/strings/str_join.h"

namespace holdline {
namespace {

constexpr Role kRoles[] = {Role::kSubmitter, Role::kRunner, Role::kOperator,
                           Role::kAdministrator, Role::kGateway};

}  // namespace

absl::string_view ToString(Role role) {
  switch (role) {
    case Role::kSubmitter:
      return "submitter";
    case Role::kRunner:
      return "runner";
    case Role::kOperator:
      return "operator";
    case Role::kAdministrator:
      return "administrator";
    case Role::kGateway:
      return "gateway";
  }
  return "";
}

std::optional<Role> ParseRole(absl::string_view name) {
  for (const Role role : kRoles) {
    if (ToString(role) == name) return role;
  }
  return std::nullopt;
}

std::vector<std::string> Names(const Roles& roles) {
  std::vector<std::string> names;
  for (const Role role : kRoles) {
    if (roles.Has(role)) names.emplace_back(ToString(role));
  }
  return names;
}

std::string AllRoleNames() {
  return absl::StrJoin(kRoles, ", ", [](std::string* out, Role role) {
    out->append(std::string(ToString(role)));
  });
}

}  // namespace holdline
