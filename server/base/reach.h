// The worker groups of its account that a caller has access to.

#ifndef HOLDLINE_SERVER_BASE_REACH_H_
#define HOLDLINE_SERVER_BASE_REACH_H_

#include <functional>

#include "absl/strings/string_view.h"

namespace holdline {

// Returns whether the caller has access to a worker group. Pure. Null: access
// to all. To a command with a reach, what is out of reach does not exist.
using Reach = std::function<bool(absl::string_view worker_group)>;

inline bool Reaches(const Reach& reach, absl::string_view worker_group) {
  return reach == nullptr || reach(worker_group);
}

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BASE_REACH_H_
