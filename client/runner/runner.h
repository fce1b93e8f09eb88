// The runner: polls a server for tasks and has them performed.

#ifndef HOLDLINE_CLIENT_RUNNER_RUNNER_H_
#define HOLDLINE_CLIENT_RUNNER_RUNNER_H_

#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "client/backoff.h"
#include "client/holdline_client.h"
#include "client/runner/performer.h"
#include "client/runner/stop.h"

namespace holdline::client {

struct RunnerOptions {
  // The worker group: exact, case-sensitive.
  std::string worker_group;

  // The host name in its polls and heartbeats.
  std::string hostname;

  // The runner's id in polls and heartbeats. Unique in its account.
  std::string taskrunner_id;

  // The number of tasks performed at once, at least 1.
  int slots = 2;

  // Whether to stop after one task. It then has one slot.
  bool once = false;

  absl::Duration heartbeat_interval = absl::Minutes(15);

  // The interval of log messages about failing polls.
  absl::Duration complaint_interval = absl::Minutes(1);
};

// A runner has slots. Each polls, performs what it got, and polls again, so
// that a task is only ever taken by a slot that is free to perform it.
class Runner {
 public:
  // `client`, `performer`, `readiness` and `stop` must outlive the runner; they
  // are the ones that the performer was made with.
  Runner(RunnerOptions options, Client* client, Performer* performer,
         Readiness* readiness, Stop* stop, Log log);

  // Runs until it is stopped: by `stop`, by the server's answer to a poll or a
  // heartbeat, or after one task if that was asked for. When it returns, no
  // task is in its hands. To be called once.
  //
  // UNAUTHENTICATED, PERMISSION_DENIED, INVALID_ARGUMENT: the server refused
  // the very first poll that it answered, and so would every other one.
  // UNAVAILABLE: the one task that was asked for could not be begun here.
  // RESOURCE_EXHAUSTED: this process may not have so many threads.
  absl::Status Run();

 private:
  void RunSlot();
  void SendHeartbeats();

  // One poll and what follows from it. False if the slot should wait before it
  // polls again.
  bool PollAndPerform();

  // Logs that polls began to fail, fail differently, still fail, or work again.
  void NotePoll(const absl::Status& status);

  // Stops after the only task.
  void EndOnce(PerformResult result);

  // Stops, for a reason that Run returns.
  void GiveUp(const absl::Status& why);

  bool WasAccepted();

  // The server drains this runner: takes no further task.
  void NoteDraining();

  void HandBack(const v1::TaskObject& task);

  const RunnerOptions options_;
  Client* const client_;
  Performer* const performer_;
  Readiness* const readiness_;
  Stop* const stop_;
  const Log log_;

  absl::Mutex mutex_;

  // The last log message about failed polls, and when; and whether none has
  // succeeded since.
  absl::StatusCode complaint_ ABSL_GUARDED_BY(mutex_) = absl::StatusCode::kOk;
  absl::Time complained_at_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  bool complaining_ ABSL_GUARDED_BY(mutex_) = false;

  bool accepted_ ABSL_GUARDED_BY(mutex_) = false;
  absl::Status given_up_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_RUNNER_RUNNER_H_
