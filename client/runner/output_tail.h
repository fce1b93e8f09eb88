// The end of the output of a command.

#ifndef HOLDLINE_CLIENT_RUNNER_OUTPUT_TAIL_H_
#define HOLDLINE_CLIENT_RUNNER_OUTPUT_TAIL_H_

#include <cstdint>
#include <string>

namespace holdline::client {

// At most the last `bytes_max` bytes of the file, and nothing before the offset
// `start`, as valid UTF-8: what is not becomes `?`. Begins with a whole line if
// something was left out and a line fits. Empty if the file cannot be read, or
// is none.
std::string OutputTail(const std::string& path, int64_t start,
                       int64_t bytes_max);

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_RUNNER_OUTPUT_TAIL_H_
