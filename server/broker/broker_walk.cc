#include "server/broker/broker_walk.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/broker/broker_harness.h"

namespace holdline {
namespace {

class Walk {
 public:
  explicit Walk(const std::vector<uint8_t>& tape) : tape_(tape) {}

  BrokerWalkReach Run() {
    while (position_ < tape_.size() && !::testing::Test::HasFailure()) {
      Step();
      Observe();
      // Not after each step, so that several changes come together.
      if (position_ % 3 == 0) WatchGroups();
      if (position_ % 8 == 0) ObserveLimits();
    }
    reach_.refused = b_.refused();
    return reach_;
  }

 private:
  // A task that a runner believes to hold.
  struct Held {
    TaskId task;
    LeaseId lease;
  };

  // A call that may be held.
  struct HeldCall {
    CallId id;
    absl::Time until;
  };

  // A limit that is soon reached, or else one that never is.
  template <typename Number>
  Number Limit(Number otherwise) {
    const uint8_t byte = Next();
    return byte % 4 != 0 ? otherwise : Number{1 + byte / 4 % 16};
  }

  // A time that is short or long beside what a walk waits for, or the one that
  // operators have by default.
  absl::Duration Time(absl::Duration otherwise) {
    const uint8_t byte = Next();
    return byte % 2 == 0 ? otherwise : absl::Seconds(10) * (1 + byte / 2);
  }

  BrokerOptions Options() {
    const BrokerOptions defaults;
    BrokerOptions options;
    options.live_tasks_max = Limit(defaults.live_tasks_max);
    options.parked_calls_max = Limit(defaults.parked_calls_max);
    options.requests_max = Limit(defaults.requests_max);
    options.runners_max = Limit(int64_t{3});
    options.request_retention = Time(defaults.request_retention);
    options.runner_retention = Time(defaults.runner_retention);
    options.runner_refresh = Time(defaults.runner_refresh);
    options.restart_grace = Time(defaults.restart_grace);
    options.priority_step = Time(defaults.priority_step);
    return options;
  }

  absl::Time HoldUntil() const { return b_.now + absl::Seconds(90); }
  void Hold(TaskCommand what) {
    calls_.push_back({b_.Say(std::move(what)), HoldUntil()});
  }

  uint8_t Next() { return position_ < tape_.size() ? tape_[position_++] : 0; }

  std::string GroupName() { return absl::StrCat("group-", Next() % 3); }
  std::string Host() { return absl::StrCat("host-", Next() % 3); }
  std::string Runner() { return absl::StrCat("runner-", Next() % 3); }

  void Step() {
    switch (Next() % 20) {
      case 0:
      case 1:
      case 2:
        return SubmitSome();
      case 3:
      case 4:
      case 5:
        return Hold(Poll{b_.Group(GroupName()),
                         Host(),
                         HoldUntil(),
                         {},
                         Next() % 2 == 0 ? Runner() : ""});
      case 6:
        return LetTimePass();
      case 7:
      case 8:
        return ReportOne();
      case 9:
      case 10:
        return EndOne(AttemptEnd::kFinished);
      case 11:
        return EndOne(Next() % 2 == 0 ? AttemptEnd::kFailed
                                      : AttemptEnd::kFailedForGood);
      case 12:
        return GiveBackOne();
      case 13:
        return LeaveOne();
      case 14:
        return SteerTask();
      case 15:
        return SteerGroup();
      case 16:
        return SteerRunner();
      case 17:
        return MaybeRestart();
      case 18:
        return b_.Stall(absl::Seconds(Next()) * 10);
      case 19:
        return b_.SetCalendar(absl::Minutes(Next() - 128));
    }
  }

  void SubmitSome() {
    Submit submit{b_.account, {}, "", 0};
    const int count = 1 + Next() % 3;
    for (int i = 0; i < count; ++i) {
      Submission task = b_.NewTask(GroupName());
      task.spec.priority = Next() % 10;
      task.spec.fairness_key = absl::StrCat("key-", Next() % 2);
      task.spec.retry.attempts = 1 + Next() % 3;
      task.spec.retry.delay = absl::Seconds(Next() % 4 * 60);
      task.spec.retry.jitter = Next() % 2 * 0.5;
      if (Next() % 4 == 0) task.spec.timeouts.attempt = absl::Minutes(5);
      if (Next() % 4 == 0) task.not_before = b_.now + absl::Seconds(Next());
      submit.tasks.push_back(std::move(task));
    }
    if (Next() % 2 == 0) submit.request_id = absl::StrCat("r-", Next() % 8);
    b_.Say(std::move(submit));
  }

  void LetTimePass() {
    const uint8_t unit = Next() % 4;
    const int64_t amount = Next();
    b_.Advance(unit == 0   ? absl::Milliseconds(amount)
               : unit == 1 ? absl::Seconds(amount)
               : unit == 2 ? absl::Minutes(amount)
                           : absl::Minutes(amount) * 10);
  }

  std::optional<Held> Pick() {
    if (held_.empty()) return std::nullopt;
    return held_[Next() % held_.size()];
  }

  void ReportOne() {
    const auto held = Pick();
    if (!held.has_value()) return;
    const bool current = IsCurrent(*held);
    const auto answer = b_.Ask<ReportAnswer>(
        ReportProgress{held->task, held->lease, "progress"});
    EXPECT_EQ(answer.canceled, !current);
  }

  void EndOne(AttemptEnd end) {
    const auto held = Pick();
    if (!held.has_value()) return;
    const bool current = IsCurrent(*held);
    const CallId call =
        b_.Say(EndAttempt{held->task, held->lease, end, {"E", "boom", ""}});
    if (!current) return;
    EXPECT_FALSE(b_.Answer<EndAnswer>(call).canceled);
    if (end == AttemptEnd::kFinished) finished_.insert(held->task);
    if (end == AttemptEnd::kFailedForGood) {
      EXPECT_EQ(b_.Stored(held->task).phase, Phase::kFailed);
    }
  }

  void GiveBackOne() {
    const auto held = Pick();
    if (!held.has_value()) return;
    if (Next() % 2 == 0) {
      b_.Ask<Done>(ReleaseLease{held->task, held->lease});
    } else {
      b_.Say(Undelivered{held->task, held->lease});
    }
  }

  void LeaveOne() {
    if (calls_.empty()) return;
    b_.Say(CallGone{calls_[Next() % calls_.size()].id});
  }

  void SteerTask() {
    if (b_.disk.tasks.empty()) return;
    auto it = b_.disk.tasks.begin();
    std::advance(it, Next() % b_.disk.tasks.size());
    const TaskId id = it->first;
    switch (Next() % 4) {
      case 0:
        b_.Say(Cancel{b_.account, NumberOf(id), "why not"});
        return;
      case 1:
        b_.Say(Retry{b_.account, NumberOf(id)});
        return;
      case 2:
        return Hold(Wait{b_.account, NumberOf(id), HoldUntil()});
      case 3:
        b_.Say(RunNow{b_.account, NumberOf(id)});
        return;
    }
  }

  void SteerGroup() {
    const GroupKey group = b_.Group(GroupName());
    // More often open than closed, or the walk comes to a halt.
    b_.Ask<GroupsAnswer>(ChangeGroup{group, Next() % 4 == 0, Next() % 4 == 0});
  }

  void SteerRunner() {
    const RunnerKey runner{b_.account, Next() % 4 == 0 ? Host() : Runner()};
    if (Next() % 2 == 0) {
      b_.Ask<HeartbeatAnswer>(Heartbeat{runner, Next() % 4 == 0 ? "" : Host(),
                                        Next() % 4 == 0 ? "" : GroupName()});
    } else {
      b_.Say(ChangeRunner{runner, Next() % 8 == 0});
    }
  }

  void MaybeRestart() {
    if (Next() % 4 != 0) return;
    b_.now += absl::Seconds(Next());
    b_.Restart();
    calls_.clear();
  }

  bool IsCurrent(const Held& held) {
    const TaskState& state = b_.Stored(held.task);
    return state.phase == Phase::kLeased && state.lease.id == held.lease;
  }

  // Reads the facts that are new, as a metric or an audit log would.
  void Observe() {
    for (; seen_ < b_.facts.size(); ++seen_) {
      if (const auto* leased = std::get_if<TaskLeased>(&b_.facts[seen_])) {
        ++reach_.handed_out;
        EXPECT_GT(leased->lease.id, last_lease_) << "lease numbers only rise";
        last_lease_ = leased->lease.id;
        EXPECT_FALSE(finished_.contains(leased->task))
            << "a finished task was handed out";
        held_.push_back({leased->task, leased->lease.id});
      }
    }
    for (TaskId id : finished_) {
      EXPECT_EQ(b_.Stored(id).phase, Phase::kFinished);
    }
    for (const HeldCall& call : calls_) {
      EXPECT_TRUE(b_.Answered(call.id) || call.until > b_.now)
          << "a call was held for too long";
    }
  }

  // Follows the groups by their changes alone, and compares them with the list.
  void WatchGroups() {
    const auto listed =
        b_.Ask<GroupsAnswer>(InspectGroups{b_.account, {}, 100}).groups;
    GroupChangesAnswer changes;
    do {
      changes = b_.Ask<GroupChangesAnswer>(
          InspectGroupChanges{b_.account, watched_upto_, 2});
      watched_upto_ = changes.upto;
      if (changes.lost) {
        watched_.clear();
        changes.groups = listed;
      }
      for (const GroupView& group : changes.groups) {
        watched_[group.settings.group.name] = group;
      }
      for (const std::string& name : changes.gone) watched_.erase(name);
    } while (changes.more);
    std::vector<GroupView> watched;
    for (const auto& [name, group] : watched_) watched.push_back(group);
    EXPECT_TRUE(watched == listed) << "a change of a group was not told";
  }

  // A retried task was taken long ago, and a pipeline's is never refused: of
  // live tasks there may be more than are taken.
  void ObserveLimits() {
    const GroupKey first{b_.account, ""};
    int64_t parked = 0;
    for (const GroupView& group :
         b_.Ask<GroupsAnswer>(InspectGroups{b_.account, first, 100}).groups) {
      parked += group.parked_calls;
    }
    EXPECT_LE(parked, options_.parked_calls_max);
    EXPECT_LE(static_cast<int64_t>(b_.disk.settings.requests.size()),
              options_.requests_max);
  }

  const std::vector<uint8_t>& tape_;
  size_t position_ = 0;
  const BrokerOptions options_ = Options();
  BrokerHarness b_{options_};
  std::vector<HeldCall> calls_;
  std::vector<Held> held_;
  std::set<TaskId> finished_;
  LeaseId last_lease_ = kNoLease;
  std::map<std::string, GroupView> watched_;
  ChangeNumber watched_upto_{};
  size_t seen_ = 0;
  BrokerWalkReach reach_;
};

}  // namespace

BrokerWalkReach WalkBroker(const std::vector<uint8_t>& tape) {
  return Walk(tape).Run();
}

}  // namespace holdline
