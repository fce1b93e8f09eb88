// The worker groups: the ready tasks of each and the parked calls that wait for
// one.
//
// Each group has one Condition: its ready tasks, and a queue of parked calls,
// which is to calls what a condition variable is to threads. So a waiting
// runner costs memory and no thread.
//
// All of this is derived from the stored state and the held calls, and is
// rebuilt at start.

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

  // Add and remove a live task, which is in exactly one of the three sets.
  // REQUIRES for removals: it is in that one.
  void AddDelayed(const Task& task);
  void RemoveDelayed(const Task& task);
  void AddReady(const Task& task);
  void RemoveReady(const Task& task);
  void AddLeased(const Task& task);
  void RemoveLeased(const Task& task);

  // Parks a call at the end of its group's queue. A resting call is held, but
  // gets no task. REQUIRES: the call is not parked.
  void Park(ParkedPoll poll, bool resting);

  // Removes and returns a parked call, resting or not; nothing if it is not
  // parked.
  std::optional<ParkedPoll> Unpark(CallId call);

  // The parked call, until it leaves its place; null if it is not parked.
  const ParkedPoll* Find(CallId call) const;

  // Sets whether a parked call rests. If that changes, the call goes to the end
  // of the other queue. REQUIRES: it is parked.
  void SetResting(CallId call, bool resting);
  bool IsResting(CallId call) const { return places_.at(call).resting; }

  // Sets whether a group is paused or draining.
  void Set(const GroupSettings& settings);

  // Whether a call that is parked now, and does not rest, gets a task at once.
  bool HasTaskForNext(const GroupKey& group) const;

  // Whether the group has a ready task and a call that does not rest, and is
  // not paused.
  bool CanMatch(const GroupKey& group) const;

  // Removes and returns the next ready task and the next call that does not
  // rest; nothing unless CanMatch.
  std::optional<Match> TakeMatch(const GroupKey& group);

  // The view of a group; empty if unknown.
  GroupView View(const GroupKey& group) const;

  // The groups after `after`, at most `limit` of them; only one account's if
  // given. `more` is set to whether others follow.
  std::vector<GroupView> List(const std::optional<AccountId>& account,
                              const GroupKey& after, int limit,
                              bool* more) const;

  // The answer to InspectGroupChanges. `now` is of the steady clock.
  GroupChangesAnswer Changes(const InspectGroupChanges& inspect,
                             absl::Time now);

  // Removes the changes of accounts that nobody has asked for within
  // GroupChanges::kRetention.
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

  // The position of a parked call.
  struct Place {
    Conditions::iterator condition;
    bool resting = false;
    Queue::iterator position;
  };

  // At returns the condition of a group that is about to change, and creates it
  // if needed; Existing requires that it exists.
  Conditions::iterator At(const GroupKey& group);
  Conditions::iterator Existing(const GroupKey& group);

  // Removes a condition that has changed, if it is empty and has default
  // settings.
  void Tidy(Conditions::iterator it);

  static GroupView ViewOf(const Condition& condition);

  const absl::Duration priority_step_;
  Conditions conditions_;
  GroupChanges changes_;
  absl::node_hash_map<CallId, Place> places_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_GROUPS_H_
