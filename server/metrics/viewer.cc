#include "server/metrics/viewer.h"

#include <algorithm>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "prometheus/client_metric.h"
#include "server/auth/credentials/credential_check.h"

namespace holdline {
namespace {

constexpr absl::string_view kScheme = "Basic ";
constexpr char kAccountLabel[] = "account";

bool IsOfAnother(const AccountId& account,
                 const prometheus::ClientMetric& metric) {
  return std::any_of(metric.label.begin(), metric.label.end(),
                     [&](const prometheus::ClientMetric::Label& label) {
                       return label.name == kAccountLabel &&
                              label.value != account.value;
                     });
}

}  // namespace

std::optional<AccountId> AccountOfViewer(const Credentials& credentials,
                                         absl::string_view authorization,
                                         absl::Time now) {
  if (!absl::StartsWithIgnoreCase(authorization, kScheme)) return std::nullopt;
  authorization.remove_prefix(kScheme.size());
  std::string shown;
  if (!absl::Base64Unescape(authorization, &shown)) return std::nullopt;
  const size_t colon = shown.find(':');
  if (colon == std::string::npos) return std::nullopt;
  const absl::StatusOr<const Credential*> credential = CheckSecret(
      credentials, absl::string_view(shown).substr(0, colon),
      absl::string_view(shown).substr(colon + 1), /*session_token=*/"", now);
  if (!credential.ok()) return std::nullopt;
  const Principal& principal = (*credential)->principal;
  const bool may_look = principal.roles.Has(Role::kOperator) ||
                        principal.roles.Has(Role::kAdministrator);
  if (!may_look) return std::nullopt;
  return principal.account;
}

void KeepAccount(const AccountId& account,
                 std::vector<prometheus::MetricFamily>* families) {
  for (prometheus::MetricFamily& family : *families) {
    std::erase_if(family.metric, [&](const prometheus::ClientMetric& metric) {
      return IsOfAnother(account, metric);
    });
  }
}

}  // namespace holdline
