// Authentication for the metrics page beyond loopback, and what a viewer is
// shown.

#ifndef HOLDLINE_SERVER_METRICS_VIEWER_H_
#define HOLDLINE_SERVER_METRICS_VIEWER_H_

#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "prometheus/metric_family.h"
#include "server/auth/credentials/credentials.h"
#include "server/base/account_id.h"

namespace holdline {

// Returns the account of an `authorization` header: HTTP Basic with the access
// key and the secret of an operator or an administrator. Nothing for all
// others.
std::optional<AccountId> AccountOfViewer(const Credentials& credentials,
                                         absl::string_view authorization,
                                         absl::Time now);

// Removes series labelled with another account. Series without such a label,
// about the server as a whole, stay.
void KeepAccount(const AccountId& account,
                 std::vector<prometheus::MetricFamily>* families);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_METRICS_VIEWER_H_
