// Which worker groups of its account are there for a caller.

#ifndef HOLDLINE_SERVER_BASE_REACH_H_
#define HOLDLINE_SERVER_BASE_REACH_H_

#include <functional>

#include "absl/strings/string_view.h"

namespace holdline {

// Whether what is of a worker group is there for the caller. Pure. Null is that
// of a caller for whom all is there. To a command that has one, what is out of
// reach is as if it did not exist.
using Reach = std::function<bool(absl::string_view worker_group)>;

inline bool Reaches(const Reach& reach, absl::string_view worker_group) {
  return reach == nullptr || reach(worker_group);
}

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BASE_REACH_H_
