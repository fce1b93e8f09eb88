// Replies of the broker. A reply is published only after everything that it is
// based on has been committed.

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
  kTask,       // it got one
  kEmpty,      // the hold ended
  kDrained,    // the server is stopping
  kTerminate,  // the runner that it named is draining
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

  // Held polls, resting ones included, and the resting ones.
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

// The groups that have changed, each once and as it is now, and the names of
// those that have gone: they have neither a live task nor a parked call nor a
// setting.
struct GroupChangesAnswer {
  std::vector<GroupView> groups;
  std::vector<std::string> gone;

  // With what to ask next, and whether more have changed already.
  ChangeNumber upto{};
  bool more = false;

  // Nobody knows any more what has changed since: the groups are to be listed,
  // and changes asked for after `upto`.
  bool lost = false;
};

struct RunnerView {
  // With the last heartbeat, which may be later than the one recorded.
  RunnerRecord record;

  // When it was last seen, now if a poll is held; infinite past if unknown.
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
