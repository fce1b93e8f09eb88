// Releasing a task without using up an attempt.

#ifndef HOLDLINE_CLIENT_RUNNER_HAND_BACK_H_
#define HOLDLINE_CLIENT_RUNNER_HAND_BACK_H_

#include "absl/status/status.h"
#include "client/call_options.h"
#include "client/holdline_client.h"
#include "client/runner/stop.h"
#include "holdline/v1/data_pipeline.pb.h"

namespace holdline::client {

// Returns the options of a call that is made once, with a short time-out, after
// waiting was cancelled: without it the server learns of it only when a lease
// ends.
CallOptions LastCall();

// Releases a task, with retries for ten seconds, or once if waiting is
// cancelled. Returns the error of ReleaseTask.
absl::Status HandBack(const v1::TaskObject& task, const Stop& stop,
                      Client* client);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_RUNNER_HAND_BACK_H_
