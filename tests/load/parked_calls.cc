#include "tests/load/parked_calls.h"

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "tests/load/connection.h"
#include "tests/load/parked_polls.h"

namespace holdline::load {
namespace {

constexpr absl::Duration kAnswerTimeMax = absl::Seconds(10);

}  // namespace

absl::StatusOr<ParkedFigures> MeasureParkedCalls(const Places& places,
                                                 Subject subject,
                                                 const ParkedShape& shape) {
  const auto server = StartServer(places, subject, RawPoll::kHeld);
  if (!server.ok()) return server.status();
  const auto calls =
      ParkedPolls::Connect((*server)->address(), shape.connections);
  if (!calls.ok()) return calls.status();
  absl::Status status = (*calls)->Settle(**server);
  if (!status.ok()) return status;

  ParkedFigures figures;
  const int64_t bytes_before = (*server)->ResidentBytes();
  (*calls)->Park(shape.calls);
  status = (*calls)->Settle(**server);
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

  std::vector<absl::Duration> samples;
  status = (*calls)->Wake(shape.wakes, &samples);
  if (!status.ok()) return status;
  figures.wake = LatencyOf(samples);
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
