// The task runners: who holds calls and leases, who was seen when, and who
// drains.
//
// A runner is known by the task runner id of its heartbeats, and of its polls
// if they have it; hosts.h says whose the other polls are. Draining a name
// drains the runner that is called so and every poll that names a host so.

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

  // Learns what is recorded of a runner now, or that nothing is any more.
  ChangedCalls Learn(const RunnerRecord& record);
  ChangedCalls Forget(const RunnerKey& runner);

  // A heartbeat of a runner that is recorded.
  ChangedCalls Heard(const RunnerKey& runner, absl::Time now);

  // Lets those whose last heartbeat is older no longer stand for the polls of
  // their hosts, until they send another.
  ChangedCalls Dismiss(absl::Time heard_before);

  // A held call, or one less: the runner is alive. Ignored if host and name are
  // empty.
  ChangedCalls AddCall(const Poller& poller, CallId call, absl::Time now);
  void RemoveCall(const Poller& poller, CallId call, absl::Time now);

  // A lease of whoever polled, or one less.
  void CountLeased(const Poller& poller, int change);

  // Another sign of life of whoever polled.
  void Saw(const Poller& poller, absl::Time now);

  // Whether a poll is to get no task.
  bool IsDraining(const Poller& poller) const;

  // Whether the runner or host of that name is draining.
  bool IsDraining(const RunnerKey& name) const {
    return hosts_.IsDraining(name);
  }

  // How many runners of an account are recorded: those that drain, and the
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

  // The account's runners after `after`, at most `limit` of them, and the hosts
  // with polls or leases that are no known runner's. `more` is set to whether
  // others follow.
  std::vector<RunnerView> List(const AccountId& account,
                               const std::string& after, int limit,
                               absl::Time now, bool* more) const;

 private:
  // In the order in which they were seen, the last one last.
  using SeenOrder = std::list<const RunnerKey*>;

  struct Runner {
    std::optional<RunnerRecord> record;

    // Its held calls and leases by its name, and whether it ever polled by it.
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
