// Validation of a principal: members that are missing for its roles, or have no
// effect.

#ifndef HOLDLINE_SERVER_AUTH_CREDENTIALS_PRINCIPAL_CHECK_H_
#define HOLDLINE_SERVER_AUTH_CREDENTIALS_PRINCIPAL_CHECK_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "server/auth/credentials/principal.h"

namespace holdline {

struct PrincipalFault {
  enum class Member { kWorkerGroups, kHoldMax };

  Member member;

  // The fault of the member, such as `must name at least one`.
  absl::string_view what;
};

// Returns the first fault, or nothing: everything that is stored of a principal
// is then enforced.
std::optional<PrincipalFault> CheckPrincipal(const Principal& principal);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_AUTH_CREDENTIALS_PRINCIPAL_CHECK_H_
