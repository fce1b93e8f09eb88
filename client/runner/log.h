// How a runner tells what happens.

#ifndef HOLDLINE_CLIENT_RUNNER_LOG_H_
#define HOLDLINE_CLIENT_RUNNER_LOG_H_

#include <functional>
#include <string>

namespace holdline::client {

// Called for each event that an operator may want to know of. Any thread.
using Log = std::function<void(const std::string& line)>;

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_RUNNER_LOG_H_
