// The broker's part about task runners: their heartbeats, their draining, and
// how many of them are remembered.

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/broker/broker.h"

namespace holdline {
namespace {

// The most runners forgotten in one step.
constexpr int kForgottenPerStep = 1000;

// The pause before the next ones, if there are more.
constexpr absl::Duration kForgetPause = absl::Seconds(1);

}  // namespace

void Broker::On(const Turn& turn, const Heartbeat& heartbeat) {
  const RunnerKey& runner = heartbeat.runner;
  const auto known = state().runners.find(runner);
  const bool is_new = known == state().runners.end();
  if (is_new) MakeRoomForRunner(runner.account);
  if (is_new || known->second.hostname != heartbeat.hostname ||
      known->second.worker_group != heartbeat.worker_group ||
      known->second.heartbeat_at + options_.runner_refresh <= now_.calendar) {
    ChangeRunnerRecord({.runner = runner,
                        .hostname = heartbeat.hostname,
                        .worker_group = heartbeat.worker_group,
                        .heartbeat_at = now_.calendar,
                        .draining = runners_.IsDraining(runner)});
  }
  Reconsider(runners_.Heard(runner, now_.calendar));
  const bool terminate =
      runners_.IsDraining(runner) ||
      runners_.IsDraining(RunnerKey{runner.account, heartbeat.hostname}) ||
      turn.is_retired({runner.account, heartbeat.worker_group});
  Answer(turn.call, HeartbeatAnswer{terminate});
}

void Broker::On(const Turn& turn, const InspectRunners& inspect) {
  RunnersAnswer answer;
  answer.runners = runners_.List(inspect.account, inspect.after, inspect.limit,
                                 now_.calendar, &answer.more);
  Answer(turn.call, std::move(answer));
}

void Broker::On(const Turn& turn, const ChangeRunner& change) {
  const AccountId& account = change.runner.account;
  RunnerRecord record = runners_.View(change.runner, now_.calendar).record;
  if (record.draining == change.draining) {
    Answer(turn.call,
           RunnersAnswer{{runners_.View(change.runner, now_.calendar)}, false});
    return;
  }
  if (change.draining && runners_.draining(account) >= options_.runners_max) {
    Answer(turn.call, absl::ResourceExhaustedError(absl::StrCat(
                          "The limit of ", options_.runners_max,
                          " draining runners of an account is reached: "
                          "undrain those that are gone.")));
    return;
  }
  record.draining = change.draining;
  if (change.draining) {
    ChangeRunnerRecord(std::move(record));
  } else if (record.heartbeat_at == absl::InfinitePast()) {
    // There was nothing to be known of it but that it drained.
    ForgetRunner(change.runner);
  } else {
    MakeRoomForRunner(account);
    ChangeRunnerRecord(std::move(record));
  }
  Answer(turn.call,
         RunnersAnswer{{runners_.View(change.runner, now_.calendar)}, false});
}

void Broker::MakeRoomForRunner(const AccountId& account) {
  for (int step = 0; step < kForgottenPerStep &&
                     runners_.remembered(account) >= options_.runners_max;
       ++step) {
    ForgetRunner(*runners_.Oldest(account));
  }
}

void Broker::ForgetRunners() {
  std::vector<RunnerKey> old = runners_.NotSeenAfter(
      now_.calendar - options_.runner_retention, kForgottenPerStep);
  for (RunnerKey& runner : old) ForgetRunner(std::move(runner));
  Reconsider(runners_.Dismiss(now_.calendar - options_.runner_refresh));
  const bool all = old.size() < kForgottenPerStep;
  deadlines_.Add({now_.steady + (all ? options_.runner_sweep : kForgetPause),
                  DeadlineKind::kRunners});
}

void Broker::ForgetRunner(RunnerKey runner) {
  const std::vector<CallId> changed = runners_.Forget(runner);
  ledger_.Record(RunnerForgotten{std::move(runner)});
  Reconsider(changed);
}

void Broker::ChangeRunnerRecord(RunnerRecord record) {
  const std::vector<CallId> changed = runners_.Learn(record);
  ledger_.Record(RunnerChanged{std::move(record)});
  Reconsider(changed);
}

// A runner that named itself with its poll can be told to stop at once. Others
// would only poll again: they are held until their heartbeat tells them.
void Broker::Reconsider(const std::vector<CallId>& calls) {
  std::vector<GroupKey> woken;
  for (const CallId call : calls) {
    const ParkedPoll* poll = groups_.Find(call);
    if (poll == nullptr) continue;
    const bool draining = runners_.IsDraining(poll->poller());
    if (draining && !poll->taskrunner_id.empty()) {
      EndHold(call, PollResult::kTerminate);
      continue;
    }
    if (!draining) woken.push_back(poll->group);
    groups_.SetResting(call, draining);
  }
  for (const GroupKey& group : woken) FindMatches(group);
}

}  // namespace holdline
