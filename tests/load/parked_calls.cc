#include "tests/load/parked_calls.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/load/connection.h"

namespace holdline::load {
namespace {

constexpr absl::Duration kAnswerTimeMax = absl::Seconds(10);

// Between a poll and the submission that wakes it: time to be parked.
constexpr absl::Duration kPause = absl::Milliseconds(2);

// A server is quiet once it has spent less than this in such a time.
constexpr absl::Duration kQuietTime = absl::Milliseconds(200);
constexpr absl::Duration kQuietCpuTime = absl::Milliseconds(5);
constexpr absl::Duration kSettleTimeMax = absl::Seconds(30);

// The polls that are parked and the submitter that wakes them.
class ParkedCalls {
 public:
  ParkedCalls(std::vector<std::unique_ptr<Connection>> connections,
              std::unique_ptr<Connection> submitter)
      : connections_(std::move(connections)),
        submitter_(std::move(submitter)) {}

  // Sends `count` polls.
  void Park(int count) {
    for (int i = 0; i < count; ++i) {
      Poll(connections_[static_cast<size_t>(i) % connections_.size()].get());
    }
  }

  // Lets time pass. No call may be answered meanwhile.
  absl::Status Rest(absl::Duration duration) {
    loop_.RunUntil(absl::Now() + duration, [this] { return HasEnded(); });
    if (error_.ok() && answered_ > 0) {
      return absl::InternalError("a poll was answered without a submission");
    }
    return error_;
  }

  // Submits a task and returns how long it took to reach one of the polls,
  // which then finishes it and polls again.
  absl::StatusOr<absl::Duration> Wake() {
    answered_ = finished_ = submitted_ = 0;
    const absl::Time start = absl::Now();
    submitter_->Submit(&loop_, [this](const grpc::Status& status, const auto&) {
      if (IsGood(status)) ++submitted_;
    });
    const bool done = loop_.RunUntil(absl::Now() + kAnswerTimeMax, [this] {
      return !error_.ok() || (submitted_ == 1 && finished_ == 1);
    });
    if (!error_.ok()) return error_;
    if (!done || answered_ != 1) {
      return absl::DataLossError(
          absl::StrCat("a submission was answered by ", answered_, " polls"));
    }
    answered_ = 0;
    return answered_at_ - start;
  }

 private:
  bool HasEnded() const { return !error_.ok() || answered_ > 0; }

  void Poll(Connection* connection) {
    connection->Poll(&loop_, [=, this](const grpc::Status& status,
                                       const v1::PollForTaskOutput& output) {
      answered_at_ = absl::Now();
      ++answered_;
      if (!IsGood(status)) return;
      connection->Finish(
          &loop_, output.task_object().task_id(),
          [=, this](const grpc::Status& finish_status, const auto&) {
            if (!IsGood(finish_status)) return;
            ++finished_;
            Poll(connection);
          });
    });
  }

  // Notes the first error, which ends everything.
  bool IsGood(const grpc::Status& status) {
    if (!status.ok() && error_.ok()) {
      error_ = absl::UnavailableError(status.error_message());
    }
    return status.ok();
  }

  const std::vector<std::unique_ptr<Connection>> connections_;
  const std::unique_ptr<Connection> submitter_;
  CallLoop loop_;
  absl::Status error_;
  absl::Time answered_at_;
  int answered_ = 0;
  int finished_ = 0;
  int submitted_ = 0;
};

// Waits until the server has nothing left to do.
absl::Status Settle(const ServerProcess& server, ParkedCalls* calls) {
  const absl::Time end = absl::Now() + kSettleTimeMax;
  while (absl::Now() < end) {
    const absl::Duration start = server.CpuTime();
    const absl::Status status = calls->Rest(kQuietTime);
    if (!status.ok()) return status;
    if (server.CpuTime() - start < kQuietCpuTime) return absl::OkStatus();
  }
  return absl::DeadlineExceededError("the server does not come to rest");
}

// Opens connections for the polls and one more for the submitter.
absl::StatusOr<std::unique_ptr<ParkedCalls>> Connect(const std::string& address,
                                                     int connections) {
  auto opened = Connection::Open(address, connections + 1);
  if (!opened.ok()) return opened.status();
  std::unique_ptr<Connection> submitter = std::move(opened->back());
  opened->pop_back();
  return std::make_unique<ParkedCalls>(*std::move(opened),
                                       std::move(submitter));
}

absl::StatusOr<Latency> MeasureWakes(ParkedCalls* calls, int count) {
  std::vector<absl::Duration> samples;
  for (int i = 0; i < count; ++i) {
    const absl::Status status = calls->Rest(kPause);
    if (!status.ok()) return status;
    const absl::StatusOr<absl::Duration> sample = calls->Wake();
    if (!sample.ok()) return sample.status();
    samples.push_back(*sample);
  }
  return LatencyOf(samples);
}

}  // namespace

absl::StatusOr<ParkedFigures> MeasureParkedCalls(const Places& places,
                                                 Subject subject,
                                                 const ParkedShape& shape) {
  const auto server = StartServer(places, subject, RawPoll::kHeld);
  if (!server.ok()) return server.status();
  const auto calls = Connect((*server)->address(), shape.connections);
  if (!calls.ok()) return calls.status();
  absl::Status status = Settle(**server, calls->get());
  if (!status.ok()) return status;

  ParkedFigures figures;
  const int64_t bytes_before = (*server)->ResidentBytes();
  (*calls)->Park(shape.calls);
  status = Settle(**server, calls->get());
  if (!status.ok()) return status;
  figures.bytes_per_call =
      static_cast<double>((*server)->ResidentBytes() - bytes_before) /
      shape.calls;

  if (shape.idle > absl::ZeroDuration()) {
    const absl::Time idle_start = absl::Now();
    const absl::Duration cpu_start = (*server)->CpuTime();
    status = (*calls)->Rest(shape.idle);
    if (!status.ok()) return status;
    figures.idle_cpu_percent =
        100 * absl::FDivDuration((*server)->CpuTime() - cpu_start,
                                 absl::Now() - idle_start);
  }

  const absl::StatusOr<Latency> wake = MeasureWakes(calls->get(), shape.wakes);
  if (!wake.ok()) return wake.status();
  figures.wake = *wake;
  return figures;
}

absl::StatusOr<Latency> MeasureRoundTrips(const Places& places, int calls) {
  const auto server = StartServer(places, Subject::kRaw, RawPoll::kAnswered);
  if (!server.ok()) return server.status();
  const auto connections = Connection::Open((*server)->address(), 1);
  if (!connections.ok()) return connections.status();
  CallLoop loop;
  std::vector<absl::Duration> samples;
  for (int i = 0; i < calls; ++i) {
    const absl::Time start = absl::Now();
    bool answered = false;
    absl::Status error;
    connections->front()->Submit(
        &loop, [&](const grpc::Status& status, const auto&) {
          answered = true;
          if (!status.ok()) {
            error = absl::UnavailableError(status.error_message());
          }
        });
    if (!loop.RunUntil(start + kAnswerTimeMax, [&] { return answered; })) {
      return absl::DeadlineExceededError("the raw server does not answer");
    }
    if (!error.ok()) return error;
    samples.push_back(absl::Now() - start);
  }
  return LatencyOf(samples);
}

}  // namespace holdline::load
