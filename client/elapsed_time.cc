#include "client/elapsed_time.h"

#include <time.h>

namespace holdline::client {

absl::Time ElapsedNow() {
  timespec now;
  clock_gettime(CLOCK_BOOTTIME, &now);
  return absl::TimeFromTimespec(now);
}

}  // namespace holdline::client
