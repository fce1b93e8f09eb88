#include "tests/load/json_polls.h"

#include <sys/stat.h>

#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/load/connection.h"
#include "tests/load/signed_polls.h"

namespace holdline::load {
namespace {

constexpr absl::Duration kWarmUp = absl::Milliseconds(500);

// The broker answers an empty poll soon.
absl::StatusOr<std::unique_ptr<ServerProcess>> StartBroker(
    const Places& places, std::vector<std::string> options) {
  options.insert(options.end(), {"--hold-max", "1ms"});
  return StartServer(places, Subject::kBroker, RawPoll::kAnswered, options);
}

// Returns the path of a file that lets the load generator poll.
std::string WriteCredentials(const Places& places) {
  const std::string path = absl::StrCat(places.directory, "/credentials");
  std::ofstream(path) << R"({"credentials": [{"accessKey": ")" << kLoadAccessKey
                      << R"(", "secret": ")" << kLoadSecret
                      << R"(", "account": "123456789012", "user": "load",)"
                      << R"("roles": ["runner"], "workerGroups": ["*"]}]})";
  chmod(path.c_str(), S_IRUSR | S_IWUSR);
  return path;
}

// Lets `run`, which takes how long, go on for `duration` after warming up, and
// tells what that cost the server for each of what `count` counts.
template <typename Run, typename Count>
absl::StatusOr<PollFigures> MeasurePolls(const ServerProcess& server,
                                         absl::Duration duration, Run run,
                                         Count count) {
  absl::Status status = run(kWarmUp);
  if (!status.ok()) return status;
  const absl::Time start = absl::Now();
  const absl::Duration cpu_start = server.CpuTime();
  const int64_t count_start = count();
  status = run(duration);
  if (!status.ok()) return status;
  const auto polls = static_cast<double>(count() - count_start);
  if (polls == 0) return absl::DeadlineExceededError("no poll was answered");
  PollFigures figures;
  figures.per_second = polls / absl::ToDoubleSeconds(absl::Now() - start);
  figures.server_cpu_microseconds =
      absl::ToDoubleMicroseconds(server.CpuTime() - cpu_start) / polls;
  return figures;
}

absl::StatusOr<PollFigures> MeasureHttp(const ServerProcess& server,
                                        absl::Duration duration) {
  SignedPolls polls(server.AddressOf("http"), kPollers);
  return MeasurePolls(
      server, duration, [&](absl::Duration time) { return polls.Run(time); },
      [&] { return polls.answered(); });
}

// Polls over gRPC, one call outstanding for each connection.
class GrpcPolls {
 public:
  explicit GrpcPolls(std::vector<std::unique_ptr<Connection>> connections)
      : connections_(std::move(connections)) {
    for (const auto& connection : connections_) Poll(connection.get());
  }
  ~GrpcPolls() { loop_.CancelAll(); }

  absl::Status Run(absl::Duration duration) {
    loop_.RunUntil(absl::Now() + duration);
    return error_;
  }

  int64_t answered() const { return answered_; }

 private:
  void Poll(Connection* connection) {
    connection->Poll(&loop_, [=, this](const grpc::Status& status,
                                       const v1::PollForTaskOutput&) {
      if (!status.ok()) {
        error_.Update(absl::UnavailableError(status.error_message()));
        return;
      }
      ++answered_;
      Poll(connection);
    });
  }

  const std::vector<std::unique_ptr<Connection>> connections_;
  CallLoop loop_;
  absl::Status error_;
  int64_t answered_ = 0;
};

absl::StatusOr<PollFigures> MeasureGrpc(const Places& places,
                                        absl::Duration duration) {
  const auto server = StartBroker(places, {});
  if (!server.ok()) return server.status();
  auto connections = Connection::Open((*server)->AddressOf("grpc"), kPollers);
  if (!connections.ok()) return connections.status();
  GrpcPolls polls(*std::move(connections));
  return MeasurePolls(
      **server, duration, [&](absl::Duration time) { return polls.Run(time); },
      [&] { return polls.answered(); });
}

absl::StatusOr<PollFigures> MeasureJson(const Places& places,
                                        absl::Duration duration) {
  const auto server =
      StartBroker(places, {"--credentials-file", WriteCredentials(places)});
  if (!server.ok()) return server.status();
  return MeasureHttp(**server, duration);
}

absl::StatusOr<PollFigures> MeasureEcho(const Places& places,
                                        absl::Duration duration) {
  const auto server = ServerProcess::Start({places.echo_server});
  if (!server.ok()) return server.status();
  return MeasureHttp(**server, duration);
}

}  // namespace

absl::StatusOr<JsonPollFigures> MeasureJsonPolls(const Places& places,
                                                 absl::Duration duration) {
  const auto json = MeasureJson(places, duration);
  if (!json.ok()) return json.status();
  const auto grpc = MeasureGrpc(places, duration);
  if (!grpc.ok()) return grpc.status();
  const auto echo = MeasureEcho(places, duration);
  if (!echo.ok()) return echo.status();
  return JsonPollFigures{*json, *grpc, *echo};
}

}  // namespace holdline::load
