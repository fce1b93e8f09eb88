// The worker groups: what is ready in each, and which calls wait for it.
//
// Each group has one condition: a queue of parked calls that ready work
// notifies. It is a condition variable whose waiters are calls, so that a
// hundred thousand waiting runners cost memory and not threads.
//
// All of this follows from the durable state and from the calls at hand, and is
// built anew at start.

#ifndef HOLDLINE_SERVER_BROKER_GROUPS_H_
#define HOLDLINE_SERVER_BROKER_GROUPS_H_

#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/node_hash_map.h"
#include "absl/time/time.h"
#include "server/broker/group_changes.h"
#include "server/broker/ids.h"
#include "server/broker/operator_command.h"
#include "server/broker/ready_order.h"
#include "server/broker/reply.h"
#include "server/broker/task.h"

namespace holdline {

// A poll that is held.
struct ParkedPoll {
  CallId call{};
  GroupKey group;
  std::string hostname;
  absl::Time hold_until;  // of the steady clock
  std::string instance_arn = {};
  std::string taskrunner_id = {};

  Poller poller() const { return {group, hostname, taskrunner_id}; }
};

// A task and the call that gets it.
struct Match {
  TaskId task{};
  ParkedPoll poll;
};

// Not thread-safe.
class Groups {
 public:
  // `now` is of the steady clock.
  Groups(absl::Duration priority_step, absl::Time now)
      : priority_step_(priority_step), changes_(now) {}

  // Adds and removes a live task, which is in exactly one of these places.
  // REQUIRES for the removals: it is there.
  void AddDelayed(const Task& task);
  void RemoveDelayed(const Task& task);
  void AddReady(const Task& task);
  void RemoveReady(const Task& task);
  void AddLeased(const Task& task);
  void RemoveLeased(const Task& task);

  // Parks a call at the end of its group's queue. A resting call is held, but
  // gets no task. REQUIRES: the call is not parked.
  void Park(ParkedPoll poll, bool resting);

  // Takes a call out, wherever it stands. Returns nothing if it is not parked.
  std::optional<ParkedPoll> Unpark(CallId call);

  // The parked call, until it leaves its place; null if it is not parked.
  const ParkedPoll* Find(CallId call) const;

  // Lets a parked call rest, or no longer. If that is a change it goes to the
  // end of its queue. REQUIRES: it is parked.
  void SetResting(CallId call, bool resting);
  bool IsResting(CallId call) const { return places_.at(call).resting; }

  // Sets what a group may do.
  void Set(const GroupSettings& settings);

  // Whether a call that is parked now, and does not rest, gets a task at once.
  bool HasTaskForNext(const GroupKey& group) const;

  // Whether the group has a ready task and a call that does not rest, and is
  // not paused.
  bool CanMatch(const GroupKey& group) const;

  // Takes out a task and a call that belong together, if CanMatch: the
  // matchmaker.
  std::optional<Match> TakeMatch(const GroupKey& group);

  // The view of a group; empty if unknown.
  GroupView View(const GroupKey& group) const;

  // The groups after `after`, at most `limit` of them; only one account's if
  // given. `more` is set to whether others follow.
  std::vector<GroupView> List(const std::optional<AccountId>& account,
                              const GroupKey& after, int limit,
                              bool* more) const;

  // What InspectGroupChanges asks for, at `now` of the steady clock.
  GroupChangesAnswer Changes(const InspectGroupChanges& inspect,
                             absl::Time now);

  // Forgets changes that nobody has asked for lately.
  void ForgetChanges(absl::Time now) { changes_.Forget(now); }

  // All held calls.
  std::vector<CallId> parked_calls() const;
  size_t parked_count() const { return places_.size(); }

 private:
  using Queue = std::list<ParkedPoll>;

  struct Condition {
    explicit Condition(absl::Duration priority_step) : ready(priority_step) {}

    ReadyOrder ready;
    int64_t delayed = 0;
    int64_t leased = 0;

    // In order of arrival.
    Queue waiting;
    Queue resting;

    GroupSettings settings;
  };

  using Conditions = std::map<GroupKey, Condition>;

  // Where a parked call stands.
  struct Place {
    Conditions::iterator condition;
    bool resting = false;
    Queue::iterator position;
  };

  // The condition, which is about to change and may be new, or which exists.
  Conditions::iterator At(const GroupKey& group);
  Conditions::iterator Existing(const GroupKey& group);

  // Forgets a condition that has changed, if it has nothing to remember.
  void Tidy(Conditions::iterator it);

  static GroupView ViewOf(const Condition& condition);

  const absl::Duration priority_step_;
  Conditions conditions_;
  GroupChanges changes_;
  absl::node_hash_map<CallId, Place> places_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_GROUPS_H_
