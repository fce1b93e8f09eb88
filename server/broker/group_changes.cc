#include "server/broker/group_changes.h"

#include <algorithm>
#include <utility>

namespace holdline {

void GroupChanges::NoteWatched(const GroupKey& group) {
  const auto it = logs_.find(group.account);
  if (it == logs_.end()) return;
  Log& log = it->second;
  const auto known = log.numbers.find(group.name);
  if (known == log.numbers.end()) {
    const auto added = log.groups.emplace(++latest_, group.name).first;
    log.numbers.emplace(added->second, added->first);
    if (log.groups.size() <= kGroupsMax) return;
    const auto oldest = log.groups.begin();
    log.lost = oldest->first;
    log.numbers.erase(oldest->second);
    log.groups.erase(oldest);
  } else if (known->second <= log.told) {
    // Otherwise everybody has yet to be told of it.
    auto node = log.groups.extract(known->second);
    node.key() = ++latest_;
    known->second = latest_;
    log.groups.insert(log.groups.end(), std::move(node));
  }
}

ChangedGroups GroupChanges::After(const AccountId& account, ChangeNumber after,
                                  int limit, absl::Time now) {
  const auto number = static_cast<uint64_t>(after);
  const auto [it, is_new] = logs_.try_emplace(account);
  Log& log = it->second;
  if (is_new) log.lost = latest_;
  log.asked_at = now;
  forget_at_ = std::min(forget_at_, now + kRetention);

  ChangedGroups changed;
  changed.lost = is_new || number < log.lost || number > latest_;
  uint64_t upto = latest_;
  if (!changed.lost) {
    for (auto group = log.groups.upper_bound(number); group != log.groups.end();
         ++group) {
      if (static_cast<int>(changed.names.size()) == limit) {
        changed.more = true;
        break;
      }
      changed.names.push_back(group->second);
      upto = group->first;
    }
    if (!changed.more) upto = latest_;
  }
  log.told = std::max(log.told, upto);
  changed.upto = ChangeNumber{upto};
  return changed;
}

void GroupChanges::ForgetUnasked(absl::Time now) {
  forget_at_ = absl::InfiniteFuture();
  for (auto it = logs_.begin(); it != logs_.end();) {
    const absl::Time forget_at = it->second.asked_at + kRetention;
    if (now >= forget_at) {
      logs_.erase(it++);
    } else {
      forget_at_ = std::min(forget_at_, forget_at);
      ++it;
    }
  }
}

}  // namespace holdline
