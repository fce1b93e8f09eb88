#include "client/runner/runner.h"

#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "client/elapsed_time.h"
#include "client/runner/hand_back.h"
#include "client/services.h"
#include "client/time_and_chance.h"

namespace holdline::client {
namespace {

// An empty answer that comes sooner was not held: the server is stopping or
// holds as many calls as it may. Asking again at once would only burden it.
constexpr absl::Duration kHoldMin = absl::Seconds(1);

constexpr BackoffOptions kPollBackoff = {.first = absl::Milliseconds(500),
                                         .max = absl::Seconds(15)};

// Whether asking again would be answered in the same way.
bool IsRefusal(const absl::Status& status) {
  return absl::IsUnauthenticated(status) || absl::IsPermissionDenied(status) ||
         absl::IsInvalidArgument(status);
}

}  // namespace

Runner::Runner(RunnerOptions options, Client* client, Performer* performer,
               Readiness* readiness, Stop* stop, Log log)
    : options_(std::move(options)),
      client_(client),
      performer_(performer),
      readiness_(readiness),
      stop_(stop),
      log_(std::move(log)) {}

absl::Status Runner::Run() {
  std::thread heartbeats;
  std::vector<std::thread> slots;
  try {
    heartbeats = std::thread([this] { SendHeartbeats(); });
    for (int i = 0; i < (options_.once ? 1 : options_.slots); ++i) {
      slots.emplace_back([this] { RunSlot(); });
    }
  } catch (const std::system_error& error) {
    GiveUp(absl::ResourceExhaustedError(
        absl::StrCat("Cannot start a thread for each of ", options_.slots,
                     " tasks at once: ", error.what(), ".")));
  }
  for (std::thread& slot : slots) slot.join();
  stop_->polling.Cancel();
  if (heartbeats.joinable()) heartbeats.join();
  absl::MutexLock lock(&mutex_);
  return given_up_;
}

void Runner::RunSlot() {
  Backoff backoff(kPollBackoff, RealTimeAndChance().random);
  while (readiness_->Await()) {
    if (PollAndPerform()) {
      backoff.Reset();
    } else {
      client_->Pause(backoff.Next(), &stop_->polling);
    }
  }
}

bool Runner::PollAndPerform() {
  v1::PollForTaskInput input;
  input.set_worker_group(options_.worker_group);
  input.set_hostname(options_.hostname);
  input.set_taskrunner_id(options_.taskrunner_id);
  const absl::Time asked_at = ElapsedNow();
  Readiness::Poll poll(readiness_);
  const absl::StatusOr<v1::PollForTaskOutput> output =
      client_->PollForTask(input, {.cancellation = poll.cancellation()});
  const bool unwanted = poll.cancellation()->cancelled();
  if (!unwanted) NotePoll(output.status());
  if (!output.ok()) return unwanted;
  if (output->terminate()) NoteDraining();
  if (!output->has_task_object()) return ElapsedNow() - asked_at >= kHoldMin;
  if (unwanted) {
    HandBack(output->task_object());
    return true;
  }
  const PerformResult result = performer_->Perform(output->task_object());
  if (options_.once) EndOnce(result);
  return true;
}

void Runner::EndOnce(PerformResult result) {
  if (result == PerformResult::kNotReady) {
    GiveUp(absl::UnavailableError("This host could not start the task."));
  }
  stop_->polling.Cancel();
}

void Runner::NotePoll(const absl::Status& status) {
  if (IsRefusal(status) && !WasAccepted()) return GiveUp(status);
  absl::MutexLock lock(&mutex_);
  if (status.ok()) {
    if (complaining_) log_("polling again");
    complaining_ = false;
    accepted_ = true;
    return;
  }
  // While a server restarts, the polls of some slots succeed and those of
  // others do not.
  const absl::Time now = ElapsedNow();
  const bool is_news = status.code() != complaint_;
  if (!is_news && now - complained_at_ < options_.complaint_interval) return;
  complaint_ = status.code();
  complained_at_ = now;
  complaining_ = true;
  log_(absl::StrCat("cannot poll, retrying: ", status.message()));
}

void Runner::GiveUp(const absl::Status& why) {
  {
    absl::MutexLock lock(&mutex_);
    given_up_ = why;
  }
  stop_->polling.Cancel();
}

bool Runner::WasAccepted() {
  absl::MutexLock lock(&mutex_);
  return accepted_;
}

void Runner::NoteDraining() {
  if (stop_->polling.cancelled()) return;
  log_("draining: finishing current tasks");
  stop_->polling.Cancel();
}

void Runner::HandBack(const v1::TaskObject& task) {
  const absl::Status status = client::HandBack(task, *stop_, client_);
  log_(status.ok()
           ? absl::StrCat(task.attempt_id(),
                          ": arrived after the poll was given up, released")
           : absl::StrCat(task.attempt_id(),
                          ": arrived after the poll was given up, and could "
                          "not be released: ",
                          status.message()));
}

void Runner::SendHeartbeats() {
  v1::ReportTaskRunnerHeartbeatInput input;
  input.set_taskrunner_id(options_.taskrunner_id);
  input.set_worker_group(options_.worker_group);
  input.set_hostname(options_.hostname);
  do {
    const auto output = client_->Call(&DataPipeline::ReportTaskRunnerHeartbeat,
                                      input, {.cancellation = &stop_->polling});
    if (output.ok() && output->terminate()) {
      NoteDraining();
    } else if (!output.ok() && !stop_->polling.cancelled()) {
      log_(absl::StrCat("heartbeat failed: ", output.status().message()));
    }
  } while (!stop_->polling.WaitFor(options_.heartbeat_interval));
}

}  // namespace holdline::client
