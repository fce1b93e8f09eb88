#include "tests/load/life_cycles.h"

#include <sys/resource.h>

#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/load/connection.h"

namespace holdline::load {
namespace {

constexpr absl::Duration kWarmUp = absl::Milliseconds(500);
constexpr absl::Duration kLastTasksTimeMax = absl::Seconds(10);

absl::Duration OwnCpuTime() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return absl::DurationFromTimeval(usage.ru_utime) +
         absl::DurationFromTimeval(usage.ru_stime);
}

// The callers, which go on until they are told to stop.
class Callers {
 public:
  explicit Callers(std::vector<std::unique_ptr<Connection>> connections)
      : connections_(std::move(connections)) {}

  void Start(Subject subject) {
    for (int i = 0; i < kCallers; ++i) {
      Connection* const connection =
          connections_[static_cast<size_t>(i) % connections_.size()].get();
      if (subject == Subject::kRaw) {
        CallInTurn(connection);
      } else if (i < kSubmitters) {
        Submit(connection);
      } else {
        Poll(connection);
      }
    }
  }

  // Handles answers for that long.
  absl::Status Run(absl::Duration duration) {
    const absl::Time end = absl::Now() + duration;
    loop_.RunUntil(end, [&] { return !error_.ok() || absl::Now() >= end; });
    return error_;
  }

  // Submits nothing more, and waits until what was submitted is finished.
  absl::Status Stop() {
    stopping_ = true;
    const bool all_finished =
        loop_.RunUntil(absl::Now() + kLastTasksTimeMax, [&] {
          return !error_.ok() || (submitting_ == 0 && finished_ == submitted_);
        });
    loop_.CancelAll();
    if (error_.ok() && !all_finished) {
      return absl::DataLossError(
          absl::StrCat(submitted_, " submitted, but ", finished_, " finished"));
    }
    return error_;
  }

  int64_t submitted() const { return submitted_; }
  int64_t finished() const { return finished_; }

 private:
  void Submit(Connection* connection) {
    if (stopping_) return;
    ++submitting_;
    connection->Submit(&loop_,
                       [=, this](const grpc::Status& status, const auto&) {
                         --submitting_;
                         if (!IsGood(status)) return;
                         ++submitted_;
                         Submit(connection);
                       });
  }

  void Poll(Connection* connection) {
    connection->Poll(&loop_, [=, this](const grpc::Status& status,
                                       const v1::PollForTaskOutput& output) {
      if (!IsGood(status)) return;
      if (!output.has_task_object()) return Poll(connection);
      Finish(connection, output.task_object().task_id(),
             [=, this] { Poll(connection); });
    });
  }

  void CallInTurn(Connection* connection) {
    if (stopping_) return;
    ++submitting_;
    connection->Submit(&loop_, [=, this](const grpc::Status& status,
                                         const auto&) {
      --submitting_;
      if (!IsGood(status)) return;
      ++submitted_;
      connection->Poll(&loop_, [=, this](const grpc::Status& poll_status,
                                         const v1::PollForTaskOutput& output) {
        if (!IsGood(poll_status)) return;
        Finish(connection, output.task_object().task_id(),
               [=, this] { CallInTurn(connection); });
      });
    });
  }

  template <typename Next>
  void Finish(Connection* connection, const std::string& task_id, Next next) {
    connection->Finish(&loop_, task_id,
                       [=, this](const grpc::Status& status, const auto&) {
                         if (!IsGood(status)) return;
                         ++finished_;
                         next();
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
  CallLoop loop_;
  absl::Status error_;
  bool stopping_ = false;
  int submitting_ = 0;
  int64_t submitted_ = 0;
  int64_t finished_ = 0;
};

}  // namespace

absl::StatusOr<LifeCycleFigures> MeasureLifeCycles(const Places& places,
                                                   Subject subject,
                                                   int connections,
                                                   absl::Duration duration) {
  const auto server = StartServer(places, subject, RawPoll::kAnswered);
  if (!server.ok()) return server.status();
  auto opened = Connection::Open((*server)->address(), connections);
  if (!opened.ok()) return opened.status();
  Callers callers(*std::move(opened));
  callers.Start(subject);
  absl::Status status = callers.Run(kWarmUp);
  if (!status.ok()) return status;

  const absl::Time start = absl::Now();
  const absl::Duration server_start = (*server)->CpuTime();
  const absl::Duration client_start = OwnCpuTime();
  const int64_t finished_start = callers.finished();
  status = callers.Run(duration);
  if (!status.ok()) return status;
  const auto finished =
      static_cast<double>(callers.finished() - finished_start);
  const absl::Duration server_time = (*server)->CpuTime() - server_start;
  const absl::Duration client_time = OwnCpuTime() - client_start;
  const absl::Duration time = absl::Now() - start;
  status = callers.Stop();
  if (!status.ok()) return status;
  if (finished == 0) return absl::DeadlineExceededError("no life cycle ended");

  LifeCycleFigures figures;
  figures.per_second = finished / absl::ToDoubleSeconds(time);
  figures.server_cpu_microseconds =
      absl::ToDoubleMicroseconds(server_time) / finished;
  figures.client_cpu_microseconds =
      absl::ToDoubleMicroseconds(client_time) / finished;
  figures.submitted = callers.submitted();
  figures.finished = callers.finished();
  return figures;
}

}  // namespace holdline::load
