// Names of roles.

#ifndef HOLDLINE_SERVER_AUTH_CREDENTIALS_ROLE_NAME_H_
#define HOLDLINE_SERVER_AUTH_CREDENTIALS_ROLE_NAME_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/auth/credentials/principal.h"

namespace holdline {

// `submitter`, `runner`, `operator`, `administrator`, `gateway`.
absl::string_view ToString(Role role);

// The role of that name, or nothing.
std::optional<Role> ParseRole(absl::string_view name);

// The names of the roles in a set, in the order of Role.
std::vector<std::string> Names(const Roles& roles);

// The names of all roles, with commas, for errors and helps.
std::string AllRoleNames();

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_CREDENTIALS_ROLE_NAME_H_
