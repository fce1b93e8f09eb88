#include "client/command_line/watched_groups.h"

#include <utility>

#include "google/protobuf/util/message_differencer.h"

namespace holdline::client {

WatchedGroups::Change WatchedGroups::Take(
    const v1::WatchGroupsResponse& message) {
  if (message.snapshot_begins()) {
    in_snapshot_ = true;
    snapshot_.clear();
  }
  ByName groups = in_snapshot_ ? std::move(snapshot_) : groups_;
  for (const v1::Group& group : message.groups()) {
    groups[group.worker_group()] = group;
  }
  for (const std::string& name : message.gone_worker_groups()) {
    groups.erase(name);
  }
  if (in_snapshot_ && !message.snapshot_complete()) {
    snapshot_ = std::move(groups);
    return {};
  }
  complete_ = complete_ || in_snapshot_;
  in_snapshot_ = false;
  return Replace(std::move(groups));
}

WatchedGroups::Change WatchedGroups::Replace(ByName groups) {
  using google::protobuf::util::MessageDifferencer;
  Change change;
  for (const auto& [name, group] : groups) {
    const auto before = groups_.find(name);
    if (before == groups_.end() ||
        !MessageDifferencer::Equals(before->second, group)) {
      change.groups.push_back(group);
    }
  }
  for (const auto& [name, group] : groups_) {
    if (groups.find(name) == groups.end()) change.gone.push_back(name);
  }
  groups_ = std::move(groups);
  return change;
}

}  // namespace holdline::client
