#include "server/base/bounded_write.h"

#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "server/base/steady_time.h"

namespace holdline {
namespace {

// Whether there is room for PIPE_BUF bytes within `patience`.
bool AwaitRoom(int descriptor, absl::Duration patience) {
  const absl::Time deadline = SteadyNow() + patience;
  for (;;) {
    pollfd waiting = {.fd = descriptor, .events = POLLOUT, .revents = 0};
    const absl::Duration left = std::clamp(
        deadline - SteadyNow(), absl::ZeroDuration(), absl::Hours(24));
    const int ready = poll(&waiting, 1,
                           static_cast<int>(absl::ToInt64Milliseconds(
                               absl::Ceil(left, absl::Milliseconds(1)))));
    if (ready != -1 || errno != EINTR) return ready > 0;
  }
}

}  // namespace

bool WriteSome(int descriptor, absl::string_view* rest,
               absl::Duration patience) {
  while (!rest->empty() && AwaitRoom(descriptor, patience)) {
    // More at once could wait for a reader in the middle.
    const ssize_t count =
        write(descriptor, rest->data(),
              std::min(rest->size(), static_cast<size_t>(PIPE_BUF)));
    if (count >= 0) {
      rest->remove_prefix(static_cast<size_t>(count));
    } else if (errno == EAGAIN) {
      // A pipe that does not block, with some room but not enough.
      return true;
    } else if (errno != EINTR) {
      return false;
    }
  }
  return true;
}

bool WriteWithin(int descriptor, absl::string_view text,
                 absl::Duration patience) {
  while (!text.empty()) {
    const size_t before = text.size();
    if (!WriteSome(descriptor, &text, patience)) return false;
    if (text.size() == before) return false;
  }
  return true;
}

}  // namespace holdline
