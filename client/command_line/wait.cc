// wait

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/command_line/age.h"
#include "client/command_line/task_text.h"
#include "client/command_line/verb/time_argument.h"
#include "client/command_line/verb/verb.h"
#include "client/command_line/verbs.h"
#include "client/services.h"
#include "holdline/v1/task_queue.pb.h"

namespace holdline::client {
namespace {

// How long one call may take: while a person watches, short, so that what the
// person sees is fresh.
constexpr absl::Duration kCallTime = absl::Seconds(100);
constexpr absl::Duration kWatchedCallTime = absl::Seconds(15);

// The server answers a call that it does not hold at once; asking sooner than
// this again would burden it.
constexpr absl::Duration kInterval = absl::Milliseconds(500);

// A server that has answered once is worth waiting for.
constexpr absl::Duration kRestartTime = absl::Minutes(2);

struct WaitOptions {
  std::vector<std::string> names;
  std::string timeout;
};

void DefineWait(CLI::App& verb, WaitOptions& options) {
  verb.add_option("NAME", options.names, "The tasks' names")->required();
  verb.add_option("--timeout", options.timeout,
                  "The longest time to wait, such as 90s (no limit)");
}

// Shows on `err` what is waited for, as long as it lives.
class Progress {
 public:
  explicit Progress(Session& session) : session_(session) {}
  ~Progress() { Clear(); }

  void Show(const v1::Task& task) {
    if (!session_.interactive) return;
    Clear();
    session_.err << task.name() << " is " << v1::Task::State_Name(task.state())
                 << ", waiting for " << LengthText(absl::Now() - since_)
                 << std::flush;
    shown_ = true;
  }

 private:
  void Clear() {
    if (shown_) session_.err << "\r\033[K" << std::flush;
    shown_ = false;
  }

  Session& session_;
  const absl::Time since_ = absl::Now();
  bool shown_ = false;
};

// The task when it is final, or as it is when the deadline comes.
absl::StatusOr<v1::Task> WaitUntilFinal(Session& session,
                                        const std::string& name,
                                        absl::Time deadline) {
  Progress progress(session);
  v1::GetTaskRequest get;
  get.set_name(name);
  absl::StatusOr<v1::Task> task = session.client.Call(&TaskQueue::GetTask, get);
  while (task.ok() && !IsFinal(task->state()) && absl::Now() < deadline) {
    progress.Show(*task);
    v1::WaitForTaskRequest request;
    request.set_name(name);
    const absl::Time asked_at = absl::Now();
    const absl::Duration left = deadline - asked_at;
    const absl::StatusOr<v1::Task> answer = session.client.WaitForTask(
        request,
        // Counted from the start of a call that may be held first.
        {.retry_for = std::min(left, kCallTime + kRestartTime),
         .timeout = std::min(
             left, session.interactive ? kWatchedCallTime : kCallTime)});
    if (!absl::IsDeadlineExceeded(answer.status())) task = answer;
    if (!task.ok() || IsFinal(task->state())) break;
    const absl::Time again_at = std::min(asked_at + kInterval, deadline);
    absl::SleepFor(again_at - absl::Now());
  }
  return task;
}

void Print(Session& session, const v1::Task& task) {
  if (session.json) {
    WriteJson(task, session.out);
  } else {
    session.out << TaskSentence(task, absl::Now()) << "\n";
  }
}

absl::StatusOr<ExitCode> Wait(Session& session, const WaitOptions& options) {
  absl::Time deadline = absl::InfiniteFuture();
  if (!options.timeout.empty()) {
    const absl::StatusOr<absl::Duration> timeout =
        ParseDuration("--timeout", options.timeout);
    if (!timeout.ok()) return timeout.status();
    deadline = absl::Now() + *timeout;
  }
  ExitCode result = ExitCode::kDone;
  for (const std::string& name : options.names) {
    const absl::StatusOr<v1::Task> task =
        WaitUntilFinal(session, name, deadline);
    if (!task.ok()) return task.status();
    Print(session, *task);
    if (!IsFinal(task->state())) {
      session.err << "holdline: the task has not ended within "
                  << options.timeout << ".\n";
      return ExitCode::kTimeUp;
    }
    if (task->state() != v1::Task::FINISHED) result = ExitCode::kNegative;
  }
  return result;
}

}  // namespace

void AddWait(CLI::App& app, Action& chosen) {
  AddVerb(app, "wait", "Wait until tasks have ended", chosen, DefineWait, Wait);
}

}  // namespace holdline::client
