// Who may look at the metrics page from beyond this machine, and at what.

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

// Returns the account of whoever sends `authorization`, a header: HTTP Basic
// with the access key and the secret of an operator or an administrator. Nobody
// else may look: nothing.
std::optional<AccountId> AccountOfViewer(const Credentials& credentials,
                                         absl::string_view authorization,
                                         absl::Time now);

// Takes away what is labelled with another account. What has no such label is
// about the server as a whole, and stays.
void KeepAccount(const AccountId& account,
                 std::vector<prometheus::MetricFamily>* families);

}  // namespace holdline

#endif  // HOLDLINE_SERVER_METRICS_VIEWER_H_
