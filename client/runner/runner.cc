#include "client/runner/runner.h"

#include <thread>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "client/time_and_chance.h"

namespace holdline::client {
namespace {

// An empty answer that comes sooner was not held: the server is stopping or
// holds as many calls as it may. Asking again at once would only burden it.
constexpr absl::Duration kHoldMin = absl::Seconds(1);

constexpr BackoffOptions kPollBackoff = {.first = absl::Milliseconds(500),
                                         .max = absl::Seconds(15)};

}  // namespace

Runner::Runner(RunnerOptions options, Client* client, Performer* performer,
               Stop* stop, Log log)
    : options_(std::move(options)),
      client_(client),
      performer_(performer),
      stop_(stop),
      log_(std::move(log)) {}

void Runner::Run() {
  std::thread heartbeats([this] { SendHeartbeats(); });
  std::vector<std::thread> slots;
  for (int i = 0; i < (options_.once ? 1 : options_.slots); ++i) {
    slots.emplace_back([this] { RunSlot(); });
  }
  for (std::thread& slot : slots) slot.join();
  stop_->polling.Cancel();
  heartbeats.join();
}

void Runner::RunSlot() {
  Backoff backoff(kPollBackoff, RealTimeAndChance().random);
  while (!stop_->polling.cancelled()) {
    if (PollAndPerform()) {
      backoff.Reset();
    } else {
      stop_->polling.WaitFor(backoff.Next());
    }
  }
}

bool Runner::PollAndPerform() {
  v1::PollForTaskInput input;
  input.set_worker_group(options_.worker_group);
  input.set_hostname(options_.hostname);
  const absl::Time asked_at = absl::Now();
  const absl::StatusOr<v1::PollForTaskOutput> output =
      client_->PollForTask(input, {.cancellation = &stop_->polling});
  const bool stopping = stop_->polling.cancelled();
  if (!stopping) NotePoll(output.status());
  if (!output.ok()) return false;
  if (!output->has_task_object()) return absl::Now() - asked_at >= kHoldMin;
  if (stopping) {
    HandBack(output->task_object());
    return true;
  }
  performer_->Perform(output->task_object());
  if (options_.once) stop_->polling.Cancel();
  return true;
}

void Runner::NotePoll(const absl::Status& status) {
  absl::MutexLock lock(&mutex_);
  if (status.code() == last_poll_.code()) return;
  last_poll_ = status;
  if (status.ok()) {
    log_("polling again");
  } else {
    log_(absl::StrCat("cannot poll, and goes on trying: ", status.message()));
  }
}

void Runner::HandBack(const v1::TaskObject& task) {
  v1::ReleaseTaskRequest request;
  request.set_task_id(task.task_id());
  const auto released = client_->ReleaseTask(request);
  log_(absl::StrCat(task.attempt_id(), ": ",
                    released.ok() ? "came while stopping, handed back"
                                  : released.status().message()));
}

void Runner::SendHeartbeats() {
  v1::ReportTaskRunnerHeartbeatInput input;
  input.set_taskrunner_id(options_.taskrunner_id);
  input.set_worker_group(options_.worker_group);
  input.set_hostname(options_.hostname);
  do {
    const auto output = client_->ReportTaskRunnerHeartbeat(
        input, {.cancellation = &stop_->polling});
    if (output.ok() && output->terminate()) {
      log_("the server drains this runner: finishing what it has");
      stop_->polling.Cancel();
    } else if (!output.ok() && !stop_->polling.cancelled()) {
      log_(absl::StrCat("the heartbeat did not arrive: ",
                        output.status().message()));
    }
  } while (!stop_->polling.WaitFor(options_.heartbeat_interval));
}

}  // namespace holdline::client
