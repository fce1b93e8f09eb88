#include "tests/load/parked_polls.h"

#include <cstddef>
#include <utility>

#include "absl/memory/memory.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace holdline::load {
namespace {

constexpr absl::Duration kAnswerTimeMax = absl::Seconds(10);

// Between a poll and the submission that wakes it: time to be parked.
constexpr absl::Duration kPause = absl::Milliseconds(2);

// A server is quiet once it has spent less than this in such a time.
constexpr absl::Duration kQuietTime = absl::Milliseconds(200);
constexpr absl::Duration kQuietCpuTime = absl::Milliseconds(5);
constexpr absl::Duration kSettleTimeMax = absl::Seconds(30);

}  // namespace

absl::StatusOr<std::unique_ptr<ParkedPolls>> ParkedPolls::Connect(
    const std::string& address, int connections) {
  auto opened = Connection::Open(address, connections + 1);
  if (!opened.ok()) return opened.status();
  std::unique_ptr<Connection> submitter = std::move(opened->back());
  opened->pop_back();
  return absl::WrapUnique(
      new ParkedPolls(*std::move(opened), std::move(submitter)));
}

void ParkedPolls::Park(int count) {
  for (int i = 0; i < count; ++i) {
    Poll(connections_[static_cast<size_t>(i) % connections_.size()].get());
  }
}

absl::Status ParkedPolls::Rest(absl::Duration duration) {
  loop_.RunUntil(absl::Now() + duration, [this] { return HasEnded(); });
  if (error_.ok() && answered_ > 0) {
    return absl::InternalError("a poll was answered without a submission");
  }
  return error_;
}

absl::Status ParkedPolls::Settle(const ServerProcess& server) {
  const absl::Time end = absl::Now() + kSettleTimeMax;
  while (absl::Now() < end) {
    const absl::Duration start = server.CpuTime();
    const absl::Status status = Rest(kQuietTime);
    if (!status.ok()) return status;
    if (server.CpuTime() - start < kQuietCpuTime) return absl::OkStatus();
  }
  return absl::DeadlineExceededError("the server does not come to rest");
}

absl::Status ParkedPolls::Wake(int count,
                               std::vector<absl::Duration>* samples) {
  for (int i = 0; i < count; ++i) {
    const absl::Status status = Rest(kPause);
    if (!status.ok()) return status;
    const absl::StatusOr<absl::Duration> sample = WakeOne();
    if (!sample.ok()) return sample.status();
    samples->push_back(*sample);
  }
  return absl::OkStatus();
}

absl::StatusOr<absl::Duration> ParkedPolls::WakeOne() {
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

void ParkedPolls::Poll(Connection* connection) {
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

bool ParkedPolls::IsGood(const grpc::Status& status) {
  if (!status.ok() && error_.ok()) {
    error_ = absl::UnavailableError(status.error_message());
  }
  return status.ok();
}

}  // namespace holdline::load
