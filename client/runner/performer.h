// The execution of one task, from its acknowledgement to its final status.

#ifndef HOLDLINE_CLIENT_RUNNER_PERFORMER_H_
#define HOLDLINE_CLIENT_RUNNER_PERFORMER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "client/holdline_client.h"
#include "client/runner/log.h"
#include "client/runner/readiness.h"
#include "client/runner/stop.h"
#include "holdline/v1/data_pipeline.pb.h"

namespace holdline::client {

struct PerformerOptions {
  // Below it, each attempt has a directory of its own (attempt_directory.h).
  std::string log_directory;

  // The time between two reports. A task whose own progress timeout is shorter
  // than three times as long is reported on more often.
  absl::Duration report_interval = absl::Seconds(60);

  // How long the first report is retried. The server redelivers the task after
  // that (DATAPIPELINE section 5.3).
  absl::Duration acknowledge_timeout = absl::Minutes(2);

  // The time without an accepted report after which the server gives the
  // attempt up (DATAPIPELINE section 5.4), and the performer does, too. A
  // `reportProgressTimeout` of the task takes precedence.
  absl::Duration progress_timeout = absl::Minutes(15);

  // The time between SIGTERM and SIGKILL.
  absl::Duration grace = absl::Seconds(10);

  // Exit codes of commands after which a retry would not help.
  std::vector<int> no_retry_exit_codes = {};

  // The path of the shell that runs commands.
  std::string shell = "/bin/sh";

  // The bytes of the end of standard error in the error message of a failed
  // command.
  int64_t error_tail_bytes = 4096;
};

// The result of performing a task.
enum class PerformResult {
  kFinished,  // reported as FINISHED
  kFailed,    // reported as FAILED
  kCanceled,  // it was cancelled, or given to somebody else; nothing reported
  kReleased,  // handed back because the runner stops
  kLost,      // the server could not be told what became of it
  kNotReady,  // handed back because this machine could not begin it
};

// Performs ShellCommandActivity tasks (DATAPIPELINE section 4.6). An
// unsupported task fails without retries, with an error that says why; one that
// cannot be started because of this host is released.
//
// Thread-safe: several tasks may be performed at once.
class Performer {
 public:
  // `client`, `stop` and `readiness`, which learns whether tasks can be begun,
  // must outlive the performer.
  Performer(PerformerOptions options, Client* client, Stop* stop,
            Readiness* readiness, Log log);

  // Returns when the task is no longer in this runner's hands and its command
  // has ended. When `stop->performing` is cancelled, the command is ended and
  // the task handed back.
  PerformResult Perform(const v1::TaskObject& task);

 private:
  const PerformerOptions options_;
  Client* const client_;
  Stop* const stop_;
  Readiness* const readiness_;
  const Log log_;
};

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_RUNNER_PERFORMER_H_
