// The worker groups as a watch has told them so far.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_WATCHED_GROUPS_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_WATCHED_GROUPS_H_

#include <map>
#include <string>
#include <vector>

#include "holdline/v1/operator.pb.h"

namespace holdline::client {

// Not thread-safe.
class WatchedGroups {
 public:
  using ByName = std::map<std::string, v1::Group>;

  // What a message has made different.
  struct Change {
    std::vector<v1::Group> groups;  // as they are now, in the order of names
    std::vector<std::string> gone;
  };

  // Takes a message of WatchGroups. A snapshot counts when it is complete:
  // until then the groups are those of before, so that nobody sees a part of
  // it.
  Change Take(const v1::WatchGroupsResponse& message);

  // Whether a snapshot has been complete, and the groups since then.
  bool complete() const { return complete_; }
  const ByName& groups() const { return groups_; }

 private:
  Change Replace(ByName groups);

  bool complete_ = false;
  ByName groups_;

  // While a snapshot is told: what there is of it.
  bool in_snapshot_ = false;
  ByName snapshot_;
};

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_WATCHED_GROUPS_H_
