// The task runners: the held calls and leases of each, when it was last seen,
// and whether it is draining.
//
// A runner is identified by the task runner id of its heartbeats and polls;
// hosts.h tells how polls without one are attributed. Draining a name drains
// the runner with this id and all polls that name a host of this name.

#ifndef HOLDLINE_SERVER_BROKER_RUNNERS_H_
#define HOLDLINE_SERVER_BROKER_RUNNERS_H_

#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "server/broker/hosts.h"
#include "server/broker/ids.h"
#include "server/broker/reply.h"
#include "server/broker/update.h"

namespace holdline {

// Not thread-safe.
class Runners {
 public:
  // The held calls for which IsDraining may have changed.
  using ChangedCalls = std::vector<CallId>;

  // Take over the new record of a runner, or its removal.
  ChangedCalls Learn(const RunnerRecord& record);
  ChangedCalls Forget(const RunnerKey& runner);

  // Notes a heartbeat of a runner that has a record.
  ChangedCalls Heard(const RunnerKey& runner, absl::Time now);

  // Ends that runners stand for the polls of their hosts (hosts.h) whose last
  // heartbeat is before `heard_before`, until their next one.
  ChangedCalls Dismiss(absl::Time heard_before);

  // Add and remove a held call, which also shows that its runner is alive.
  // Ignored if hostname and task runner id are empty.
  ChangedCalls AddCall(const Poller& poller, CallId call, absl::Time now);
  void RemoveCall(const Poller& poller, CallId call, absl::Time now);

  // Adds `change`, 1 or -1, to the number of leases of a poller.
  void CountLeased(const Poller& poller, int change);

  // Notes that a poller was seen alive at `now`.
  void Saw(const Poller& poller, absl::Time now);

  // Whether a poll is to get no task because its runner or host is draining.
  bool IsDraining(const Poller& poller) const;

  // Whether the runner or host of that name is draining.
  bool IsDraining(const RunnerKey& name) const {
    return hosts_.IsDraining(name);
  }

  // The number of an account's recorded runners that are draining, and of the
  // others, of which Oldest is the one not seen for longest; null if there is
  // none.
  int64_t draining(const AccountId& account) const;
  int64_t remembered(const AccountId& account) const;
  const RunnerKey* Oldest(const AccountId& account) const;

  // The runners that are recorded, do not drain, hold nothing and were not seen
  // after `time`, at most `limit`.
  std::vector<RunnerKey> NotSeenAfter(absl::Time time, int limit) const;

  // The view of a runner; empty if unknown.
  RunnerView View(const RunnerKey& runner, absl::Time now) const;

  // The account's runners after `after` in name order, and the hosts with polls
  // or leases that are attributed to no runner: at most `limit` together.
  // `more` is set to whether others follow.
  std::vector<RunnerView> List(const AccountId& account,
                               const std::string& after, int limit,
                               absl::Time now, bool* more) const;

 private:
  // Runners in the order in which they were last seen, the latest at the end.
  using SeenOrder = std::list<const RunnerKey*>;

  struct Runner {
    std::optional<RunnerRecord> record;

    // The held calls and leases of polls that name it, and whether there ever
    // was one.
    RunnerActivity named;
    bool polls_by_name = false;

    bool stands = false;  // for the polls of its host
    absl::Time heartbeat_at = absl::InfinitePast();
    absl::Time seen_at = absl::InfinitePast();
    SeenOrder::iterator seen;  // if it is remembered

    bool remembered() const { return record.has_value() && !record->draining; }
  };

  struct Account {
    SeenOrder seen;
    int64_t draining = 0;
  };

  using RunnerMap = std::map<RunnerKey, Runner>;

  static Standing StandingOf(const RunnerMap::value_type& entry);
  void SetStands(RunnerMap::value_type& entry, bool stands,
                 ChangedCalls* changed);
  void Count(RunnerMap::value_type& entry);
  void Uncount(const RunnerMap::value_type& entry);
  void Touch(RunnerMap::value_type& entry, absl::Time now);
  void Tidy(RunnerMap::iterator it);

  RunnerMap runners_;
  Hosts hosts_;
  absl::flat_hash_map<AccountId, Account> accounts_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_RUNNERS_H_
