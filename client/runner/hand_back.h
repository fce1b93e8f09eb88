// Releasing a task without using up an attempt.

#ifndef HOLDLINE_CLIENT_RUNNER_HAND_BACK_H_
#define HOLDLINE_CLIENT_RUNNER_HAND_BACK_H_

#include "absl/status/status.h"
#include "client/call_options.h"
#include "client/holdline_client.h"
#include "client/runner/stop.h"
#include "holdline/v1/data_pipeline.pb.h"

namespace holdline::client {

// For a call that is made once, and soon, although nothing is waited for any
// more: what it tells would otherwise be learned when a lease ends.
CallOptions LastCall();

// Hands a task back, which is tried for ten seconds, or once if nothing is
// waited for. Returns why that failed, as ReleaseTask says.
absl::Status HandBack(const v1::TaskObject& task, const Stop& stop,
                      Client* client);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_RUNNER_HAND_BACK_H_
