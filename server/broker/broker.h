// The broker: a state machine of tasks, leases and held calls.
//
//   command -> decide -> Update (recorded in the Ledger) -> Output
//
// Time is an argument: nothing here reads a clock, sleeps, draws a random
// number or does I/O, so that a test runs the whole broker faster than real
// time.
//
// The life of a task (DATAPIPELINE sections 4 and 5):
//
//   submitted -> delayed -> ready -> leased -> finished
//                   ^         ^         |----> failed     (no attempts left)
//                   |         +---------|  returned: no report in time, handed
//                   |                   |  back, or never delivered
//                   +-------------------+  attempt failed, others left
//
// and any of them -> cancelled; failed or cancelled -> ready, when retried.
//
// Invariants after every call, besides those of the types:
//  1. A live task is in exactly one of delayed, ready, leased, and has exactly
//     one deadline if it is delayed or leased, none if it is ready.
//  2. No group that is not paused has both a ready task and a parked call that
//     does not rest. A parked call rests if its runner is draining and cannot
//     be told so.
//  3. Every parked call has exactly one deadline.
//  4. Lease numbers only rise, and a stale one changes nothing.

#ifndef HOLDLINE_SERVER_BROKER_BROKER_H_
#define HOLDLINE_SERVER_BROKER_BROKER_H_

#include <optional>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "server/broker/account_loads.h"
#include "server/broker/command.h"
#include "server/broker/deadlines.h"
#include "server/broker/groups.h"
#include "server/broker/ids.h"
#include "server/broker/lease_ends.h"
#include "server/broker/ledger.h"
#include "server/broker/now.h"
#include "server/broker/options.h"
#include "server/broker/output.h"
#include "server/broker/repeatable_requests.h"
#include "server/broker/reply.h"
#include "server/broker/runners.h"
#include "server/broker/state.h"
#include "server/broker/turn.h"
#include "server/broker/waits.h"

namespace holdline {

// Not thread-safe. A steady time earlier than the latest one seen counts as
// that. The calendar may be set back.
class Broker {
 public:
  // Continues from a stored state, at `now`.
  Broker(const BrokerOptions& options, State state, const Now& now);

  // Returns the task whose stored record Handle needs for this command, or
  // nothing if the command names none or the task is live.
  std::optional<TaskId> RecordNeeded(const TaskCommand& command) const;

  // Decides a command. REQUIRES: Advance was called with the turn's `now`
  // before.
  void Handle(const Turn& turn, TaskCommand command);

  // Acts on deadlines that are due at `now`, at most `steps_max`.
  void Advance(const Now& now, int steps_max);

  // Applies other options from now on, except `priority_step`.
  void SetOptions(const BrokerOptions& options) { options_ = options; }

  // Tells that no calls were handled for `gap`: leases and remembered requests
  // then last at least ten times `gap`, or `restart_grace` if that is less.
  void GiveGrace(const Now& now, absl::Duration gap);

  // When Advance is to be called again, by the steady clock and unless the
  // calendar is set meanwhile; infinite future if never.
  absl::Time NextDeadline() const;

  // Accepts a task of a pipeline, regardless of the limits on submissions: the
  // planner has its own. HandOutReady hands it out.
  TaskId Take(Submission submission);

  // Hands out the ready tasks of a group to its parked calls.
  void HandOutReady(const GroupKey& group) { FindMatches(group); }

  // Cancels a task of a pipeline, if it is live.
  void Withdraw(TaskId task, std::string reason);

  // The updates since the last TakeOutput, in order.
  absl::Span<const Update> updates() const { return ledger_.updates(); }

  // The rows and replies since the last TakeOutput, and whether there are any.
  bool HasOutput() const { return ledger_.dirty() || !replies_.empty(); }
  Output TakeOutput();
  const State& state() const { return ledger_.state(); }

  // Returns whether the invariants above hold; the error names the one that
  // does not. Takes time proportional to the state: for tests.
  absl::Status CheckInvariants() const;

 private:
  // One for each kind of command; by value if it moves from a part of it.
  void On(const Turn& turn, const Poll& poll);
  void On(const Turn& turn, const CallGone& gone);
  void On(const Turn& turn, const Undelivered& undelivered);
  void On(const Turn& turn, ReportProgress report);
  void On(const Turn& turn, EndAttempt end);
  void On(const Turn& turn, const ReleaseLease& release);
  void On(const Turn& turn, const Heartbeat& heartbeat);
  void On(const Turn& turn, Submit submit);
  void On(const Turn& turn, const Wait& wait);
  void On(const Turn& turn, Cancel cancel);
  void On(const Turn& turn, const Retry& retry);
  void On(const Turn& turn, const RunNow& run);
  void On(const Turn& turn, const InspectGroups& inspect);
  void On(const Turn& turn, const InspectGroup& inspect);
  void On(const Turn& turn, const InspectGroupChanges& inspect);
  void On(const Turn& turn, const ChangeGroup& change);
  void On(const Turn& turn, const InspectRunners& inspect);
  void On(const Turn& turn, const ChangeRunner& change);
  void On(const Turn& turn, const StopHolding& stop);
  // The actions at each kind of deadline.
  void End(const Deadline& due);
  void EndDelay(TaskId id);
  void EndLease(TaskId id);
  void ForgetRequests();
  void ForgetRunners();

  // Removes and returns a parked call; nothing if it is not parked.
  std::optional<ParkedPoll> UnparkPoll(CallId call);
  std::optional<ParkedWait> UnparkWait(CallId call);
  void EndHold(CallId call, PollResult result);
  bool MayPark(CallId call, const AccountId& account);
  void Leave(const ParkedPoll& poll);
  void Remember(RequestRecord record);
  absl::Status MaySubmit(const Submit& submit) const;

  // Removes a task from its queue, records the update, and adds the task to the
  // queue that its new state belongs to.
  void Change(const Task& task, Update update);

  // Adds a task that has become live to its queue.
  const Task& Enter(TaskId id);
  void Place(const Task& task);
  void PlaceLeased(const Task& task, const LeaseEnds& ends);
  void Unplace(const Task& task);

  // Ends the present attempt of a leased task.
  TaskReply End(const Task& task, EndAttempt end);
  void FailAttempt(const Task& task, FailureCause cause, Failure failure);
  void ReturnLease(const Task& task, ReturnReason reason);

  // The only matching of ready tasks with parked calls.
  void FindMatches(const GroupKey& group);
  void HandOut(const Match& match);
  void MakeRoomForRunner(const AccountId& account);
  void ChangeRunnerRecord(RunnerRecord record);
  void ForgetRunner(RunnerKey runner);
  void Reconsider(const std::vector<CallId>& calls);
  absl::Status CheckTask(const Task& task) const;
  absl::Status CheckCalls() const;
  absl::Status CheckGroups() const;
  // The task that a command names, live or the record of `turn`; or null.
  const Task* Known(const Turn& turn, const auto& command) const;

  // The task if it is leased under `lease`; otherwise null.
  const Task* Leased(TaskId id, LeaseId lease) const;
  void Answer(CallId call, TaskReply what);
  void SetNow(const Now& now);

  BrokerOptions options_;
  Now now_;
  Ledger ledger_;

  // All of these are derived from the ledger's state and the calls that are
  // held.
  Groups groups_;
  Waits waits_;
  Runners runners_;
  AccountLoads loads_;
  absl::flat_hash_map<TaskId, LeaseEnds> lease_ends_;
  RepeatableRequests requests_;
  Deadlines delays_;     // kDelay, by the calendar
  Deadlines deadlines_;  // all others, by the steady clock

  bool stopping_ = false;  // no call is held any more
  std::vector<BrokerReply> replies_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_BROKER_H_
