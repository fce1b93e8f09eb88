// The worker groups that have changed, by account, for those who watch them.
//
// It is kept for accounts only whose changes somebody has asked for lately: a
// change of any other costs one look. Of each group that has changed the last
// change alone is kept, in the order of changes, so that whoever asks is told
// of as many groups as have changed since, however many there are and however
// often they did. Nothing is kept of those who ask: they remember a number.

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
  // and of how many groups of it at most. Beyond either they are lost: those
  // who watch are told to list the groups anew.
  static constexpr absl::Duration kRetention = absl::Minutes(3);
  static constexpr size_t kGroupsMax = 50000;

  // Numbers go on from `now`, and there are fewer changes than nanoseconds. So
  // a number of an object before this one, as there is when the state was
  // loaded again, is smaller than all of this one's.
  explicit GroupChanges(absl::Time now)
      : latest_(static_cast<uint64_t>(absl::ToUnixNanos(now))) {}

  // A group has changed, or has come or gone.
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
    // Each group by the number of its last change, and that by its name. The
    // names are those of the former.
    std::map<uint64_t, std::string> groups;
    absl::flat_hash_map<absl::string_view, uint64_t> numbers;

    // Changes up to it are not all here.
    uint64_t lost = 0;

    // The greatest number that anybody was given.
    uint64_t told = 0;

    absl::Time asked_at;
  };

  void NoteWatched(const GroupKey& group);
  void ForgetUnasked(absl::Time now);

  absl::flat_hash_map<AccountId, Log> logs_;
  uint64_t latest_;

  // The earliest that a log may be forgotten.
  absl::Time forget_at_ = absl::InfiniteFuture();
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_GROUP_CHANGES_H_
