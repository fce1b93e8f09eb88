// A scope in which a test that runs as root is subject to file permissions.

#ifndef HOLDLINE_SERVER_STORE_TESTING_BOUND_BY_MODES_H_
#define HOLDLINE_SERVER_STORE_TESTING_BOUND_BY_MODES_H_

#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>

namespace holdline {

// Removes, as long as it lives, the capabilities of this thread to bypass file
// permissions. No effect for users other than root.
class BoundByModes {
 public:
  BoundByModes() {
    if (syscall(SYS_capget, &header_, before_) != 0) std::abort();
    __user_cap_data_struct bound[2] = {before_[0], before_[1]};
    bound[0].effective &= ~(1u << CAP_DAC_OVERRIDE | 1u << CAP_DAC_READ_SEARCH);
    if (syscall(SYS_capset, &header_, bound) != 0) std::abort();
  }
  ~BoundByModes() {
    if (syscall(SYS_capset, &header_, before_) != 0) std::abort();
  }

  BoundByModes(const BoundByModes&) = delete;
  BoundByModes& operator=(const BoundByModes&) = delete;

 private:
  __user_cap_header_struct header_ = {.version = _LINUX_CAPABILITY_VERSION_3,
                                      .pid = 0};
  __user_cap_data_struct before_[2] = {};
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_STORE_TESTING_BOUND_BY_MODES_H_
