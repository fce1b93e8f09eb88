// The replies of the broker. A reply is published only after all updates that
// it reflects have been committed.

#ifndef HOLDLINE_SERVER_BROKER_REPLY_H_
#define HOLDLINE_SERVER_BROKER_REPLY_H_

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/broker/ids.h"
#include "server/broker/task.h"
#include "server/broker/update.h"

namespace holdline {

// The result of a poll.
enum class PollResult {
  kTask,       // a task was handed out
  kEmpty,      // the hold ended
  kDrained,    // the server is stopping
  kTerminate,  // its runner is draining and should exit
};

struct PollAnswer {
  PollResult result = PollResult::kEmpty;

  // Set with kTask: the task as it was when it was leased.
  std::optional<Task> task;

  // Set with kTask, by the engine: the payload of the task.
  std::shared_ptr<const std::string> payload;
};

struct ReportAnswer {
  // The runner should stop: the task was cancelled, or the lease has ended.
  bool canceled = false;
};

struct EndAnswer {
  // The task had been cancelled before, so that nothing was changed.
  bool canceled = false;
};

struct HeartbeatAnswer {
  // The runner should exit: it is draining.
  bool terminate = false;
};

struct SubmitAnswer {
  std::vector<TaskId> tasks;
};

struct TaskAnswer {
  Task task;
};

struct GroupView {
  GroupSettings settings;
  int64_t ready_tasks = 0;
  int64_t delayed_tasks = 0;
  int64_t leased_tasks = 0;

  // The held polls, and how many of these rest.
  int64_t parked_calls = 0;
  int64_t resting_calls = 0;

  // Infinite future if nothing is ready.
  absl::Time oldest_ready_at = absl::InfiniteFuture();

  friend bool operator==(const GroupView&, const GroupView&) = default;
};

struct GroupsAnswer {
  std::vector<GroupView> groups;
  bool more = false;
};

// The groups that have changed, each once and in its present state, and the
// names of those that are gone: groups without live tasks, parked calls and
// settings.
struct GroupChangesAnswer {
  std::vector<GroupView> groups;
  std::vector<std::string> gone;

  // The `after` of the next command, and whether more groups have changed
  // already.
  ChangeNumber upto{};
  bool more = false;

  // The changes since `after` are not known any more: the caller lists the
  // groups, and then asks for changes after `upto`.
  bool lost = false;
};

struct RunnerView {
  // The stored record, with the time of the last heartbeat, which may not be
  // stored.
  RunnerRecord record;

  // When it last polled, reported or sent a heartbeat; now if a poll is held;
  // infinite past if unknown.
  absl::Time seen_at = absl::InfinitePast();

  int64_t parked_calls = 0;
  int64_t leased_tasks = 0;
};

struct RunnersAnswer {
  std::vector<RunnerView> runners;
  bool more = false;
};

struct Done {};

using TaskReply =
    std::variant<PollAnswer, ReportAnswer, EndAnswer, HeartbeatAnswer,
                 SubmitAnswer, TaskAnswer, GroupsAnswer, GroupChangesAnswer,
                 RunnersAnswer, Done, absl::Status>;

struct BrokerReply {
  CallId call{};
  TaskReply what;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_BROKER_REPLY_H_
