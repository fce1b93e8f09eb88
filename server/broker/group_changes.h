// A log of the worker groups that have changed, by account, for callers who
// watch them.
//
// It is kept only for accounts whose changes were asked for within kRetention;
// a change in another account costs one look-up. It holds the last change of
// each changed group, in the order of changes, so the answer to a question is
// as long as the number of groups that changed since, however often they did.
// It holds nothing about callers: a caller passes the number up to which it
// knows the changes.

#ifndef HOLDLINE_SERVER_BROKER_GROUP_CHANGES_H_
#define HOLDLINE_SERVER_BROKER_GROUP_CHANGES_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/broker/ids.h"

namespace holdline {

// The names of groups that have changed, each once. The other members are as in
// GroupChangesAnswer.
struct ChangedGroups {
  std::vector<std::string> names;
  ChangeNumber upto{};
  bool more = false;
  bool lost = false;
};

// Not thread-safe. Times are of the steady clock.
class GroupChanges {
 public:
  // How long the changes of an account are kept after they were last asked for,
  // and for how many groups of it. Beyond either they are lost: callers are
  // told to list the groups again.
  static constexpr absl::Duration kRetention = absl::Minutes(3);
  static constexpr size_t kGroupsMax = 50000;

  // Numbers start at `now` in nanoseconds, and changes are rarer than one a
  // nanosecond. So each number that an earlier object gave out, before the
  // state was loaded again, is smaller than all numbers of this one.
  explicit GroupChanges(absl::Time now)
      : latest_(static_cast<uint64_t>(absl::ToUnixNanos(now))) {}

  // Records that a group has changed, appeared or disappeared.
  void Note(const GroupKey& group) {
    if (!logs_.empty()) NoteWatched(group);
  }

  // The groups of an account that have changed after a number, at most `limit`.
  ChangedGroups After(const AccountId& account, ChangeNumber after, int limit,
                      absl::Time now);

  // Forgets the accounts that were last asked for too long ago.
  void Forget(absl::Time now) {
    if (now >= forget_at_) ForgetUnasked(now);
  }

 private:
  struct Log {
    // The groups by the number of their last change, and these numbers by name.
    // The names in `numbers` refer to those in `groups`.
    std::map<uint64_t, std::string> groups;
    absl::flat_hash_map<absl::string_view, uint64_t> numbers;

    // The greatest number of a change that is not kept any more; 0 if there is
    // none.
    uint64_t lost = 0;

    // The greatest number that any caller was given.
    uint64_t told = 0;

    absl::Time asked_at;
  };

  void NoteWatched(const GroupKey& group);
  void ForgetUnasked(absl::Time now);

  absl::flat_hash_map<AccountId, Log> logs_;
  uint64_t latest_;

  // The earliest time at which a log may be removed.
  absl::Time forget_at_ = absl::InfiniteFuture();
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_GROUP_CHANGES_H_
