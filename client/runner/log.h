// The log function of a runner.

#ifndef HOLDLINE_CLIENT_RUNNER_LOG_H_
#define HOLDLINE_CLIENT_RUNNER_LOG_H_

#include <functional>
#include <string>

namespace holdline::client {

// Called for each event worth logging, on any thread.
using Log = std::function<void(const std::string& line)>;

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_RUNNER_LOG_H_
